/** The subtitle's look. `:where` leaves every rule to the page to override. */

/** Names the CSS highlight of text that is laid out, but not spoken yet. */
export const UNSPOKEN = "voicepath-unspoken";

export const SUBTITLE_CSS = `
:where(.voicepath-subtitle) {
  box-sizing: border-box;
  position: relative;
  width: 60%;
  max-width: 100%;
  margin-inline: auto;
  color: var(--voicepath-subtitle-color, #fff);
  font: var(--voicepath-subtitle-font, 600 24px/1.4 system-ui, sans-serif);
}
:where(.voicepath-subtitle[data-resizable]) { overflow: hidden; resize: horizontal; }
:where(.voicepath-subtitle-box) {
  border-radius: var(--voicepath-subtitle-radius, .4em);
  padding: var(--voicepath-subtitle-padding, .4em .8em);
  background: var(--voicepath-subtitle-background, rgb(0 0 0 / .7));
  text-align: var(--voicepath-subtitle-align, center);
}
:where([data-phase=empty] > .voicepath-subtitle-box) { visibility: hidden; }
:where([data-phase=fading] > .voicepath-subtitle-box) {
  opacity: 0;
  transition: opacity var(--voicepath-subtitle-fade, 0s) linear;
}
:where([data-growing] > .voicepath-subtitle-box) { text-align: start; }
:where(.voicepath-subtitle-ruler) { height: 1em; margin-bottom: -1em; visibility: hidden; }
:where(.voicepath-subtitle-text, .voicepath-subtitle-translation) {
  text-transform: none;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
:where(.voicepath-subtitle-translation) {
  color: var(--voicepath-subtitle-translation-color, inherit);
  font-size: var(--voicepath-subtitle-translation-size, .75em);
}
:where(.voicepath-subtitle-live) {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
@media (prefers-reduced-motion: reduce) {
  :where([data-phase=fading] > .voicepath-subtitle-box) { transition: none; }
}
::highlight(${UNSPOKEN}) {
  color: transparent;
  text-shadow: none;
  -webkit-text-fill-color: transparent;
  -webkit-text-stroke-color: transparent;
}
`;
