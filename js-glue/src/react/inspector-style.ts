/** The inspector's look. No quotes and no angle brackets, which React 18 escapes on a server. */
export const INSPECTOR_CSS = `
.voicepath-inspector, .voicepath-inspector * { box-sizing: border-box; }
.voicepath-inspector {
  --ink: light-dark(#1c2126, #e6e9ec);
  --soft: light-dark(#5d6770, #9aa4ad);
  --paper: light-dark(#ffffff, #191d21);
  --raised: light-dark(#f3f5f7, #22272c);
  --line: light-dark(#dde2e6, #343b42);
  --accent: light-dark(#0b63ce, #6cb2ff);
  --bad: light-dark(#b3261e, #ff8f85);
  --bad-paper: light-dark(#fdeceb, #45211e);
  --warm: light-dark(#8a5300, #f0b659);
  --warm-paper: light-dark(#fff3df, #3f2f12);
  color-scheme: light dark;
  position: fixed;
  inset: auto 12px 12px auto;
  z-index: 2147483000;
  display: flex;
  flex-direction: column;
  align-items: flex-end;
  gap: 8px;
  max-width: calc(100vw - 24px);
  color: var(--ink);
  font: 12px/1.45 system-ui, sans-serif;
  text-align: left;
}
.voicepath-inspector button {
  border: 1px solid var(--line);
  border-radius: 6px;
  padding: 3px 10px;
  background: var(--raised);
  color: inherit;
  font: inherit;
  cursor: pointer;
}
.voicepath-inspector button:hover:enabled { border-color: var(--accent); color: var(--accent); }
.voicepath-inspector button:disabled { color: var(--soft); cursor: default; }
.voicepath-inspector :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.voicepath-inspector-toggle { box-shadow: 0 1px 4px rgb(0 0 0 / .15); }
.voicepath-inspector section {
  width: 460px;
  max-width: 100%;
  max-height: min(70vh, 640px);
  overflow: auto;
  border: 1px solid var(--line);
  border-radius: 10px;
  background: var(--paper);
  box-shadow: 0 8px 28px rgb(0 0 0 / .22);
}
.voicepath-inspector header {
  position: sticky;
  top: 0;
  z-index: 1;
  display: flex;
  align-items: center;
  gap: 10px;
  border-bottom: 1px solid var(--line);
  padding: 8px 12px;
  background: var(--raised);
}
.voicepath-inspector header p { flex: 1; margin: 0; font-variant-numeric: tabular-nums; }
.voicepath-inspector :is(h2, caption) {
  margin: 0;
  padding: 14px 0 3px;
  color: var(--soft);
  font: 600 11px/1.6 system-ui, sans-serif;
  letter-spacing: .04em;
  text-align: left;
  text-transform: uppercase;
}
.voicepath-inspector section div { padding: 0 12px 12px; }
.voicepath-inspector table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.voicepath-inspector th, .voicepath-inspector td { border-bottom: 1px solid var(--line); padding: 2px 0 2px 10px; text-align: right; font-weight: 400; white-space: nowrap; }
.voicepath-inspector thead th { color: var(--soft); }
.voicepath-inspector tbody tr:last-child :is(th, td) { border-bottom: 0; }
.voicepath-inspector td strong { color: var(--bad); }
.voicepath-inspector :is(th, td):first-child { width: 100%; max-width: 0; padding-left: 0; overflow: hidden; text-align: left; text-overflow: ellipsis; }
.voicepath-inspector ul { margin: 0 0 0 5px; border-left: 1px solid var(--line); padding: 0 0 0 9px; list-style: none; }
.voicepath-inspector ul.voicepath-inspector-tree { margin: 0; border: 0; padding: 0; }
.voicepath-inspector li { padding-left: 14px; }
.voicepath-inspector li:has(details) { padding-left: 0; }
.voicepath-inspector summary { cursor: pointer; width: fit-content; border-radius: 4px; }
.voicepath-inspector summary::marker { color: var(--soft); }
.voicepath-inspector small { color: var(--soft); font-size: inherit; font-variant-numeric: tabular-nums; }
.voicepath-inspector mark { border-radius: 4px; padding: 0 5px; background: var(--warm-paper); color: var(--warm); }
.voicepath-inspector mark.voicepath-inspector-bad { background: var(--bad-paper); color: var(--bad); }
.voicepath-inspector-none { margin: 12px 0 0; color: var(--soft); }
@media print { .voicepath-inspector { display: none; } }
`;
