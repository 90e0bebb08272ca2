/** Backgrounds and portraits, drawn here as SVG. */

interface Scene {
  /** From the top of the sky down. */
  readonly sky: readonly [string, string, string];
  readonly hills: readonly [string, string];
  readonly wall: readonly [string, string];
  readonly frame: string;
  /** Moon or sun. */
  readonly disc: { readonly x: number; readonly y: number; readonly colour: string };
  readonly stars: number;
}

const SCENES: Readonly<Record<string, Scene>> = {
  "ceiling-window-room-night": {
    sky: ["#0b1030", "#27306b", "#5a5590"],
    hills: ["#1b2150", "#12163a"],
    wall: ["#2a2547", "#171430"],
    frame: "#3f3763",
    disc: { x: 1180, y: 250, colour: "#fdf3d0" },
    stars: 90,
  },
  "hills-at-dawn": {
    sky: ["#5b7bb5", "#e9a7a0", "#ffdca8"],
    hills: ["#4a5c86", "#34466f"],
    wall: ["#6b5470", "#3f3350"],
    frame: "#8a6f86",
    disc: { x: 760, y: 520, colour: "#fff2c9" },
    stars: 12,
  },
  "hills-in-the-afternoon": {
    sky: ["#7cc4e8", "#bfe3ee", "#f4f3da"],
    hills: ["#7fb58a", "#4f8f6c"],
    wall: ["#e6d3b8", "#b99a78"],
    frame: "#fbf3e4",
    disc: { x: 1240, y: 230, colour: "#fffbe0" },
    stars: 0,
  },
};

const WIDTH = 1920;
const HEIGHT = 1080;
/** The window. */
const [LEFT, TOP, RIGHT, BOTTOM] = [360, 90, 1560, 760];

/** Scattered evenly and always alike: multiples of the golden ratio. */
const scattered = (i: number, from: number, to: number, step: number): number =>
  Math.round(from + ((i * step) % 1) * (to - from));

function stars(count: number): string {
  return Array.from({ length: count }, (_, i) => {
    const x = scattered(i + 1, LEFT, RIGHT, 0.618034);
    const y = scattered(i + 1, TOP, BOTTOM - 220, 0.754878);
    return `<circle cx="${x}" cy="${y}" r="${1 + (i % 3) * 0.8}" opacity="${0.4 + (i % 5) * 0.12}"/>`;
  }).join("");
}

function gradient(id: string, colours: readonly string[]): string {
  const stops = colours.map((colour, i) => {
    const offset = Math.round((100 * i) / (colours.length - 1));
    return `<stop offset="${offset}%" stop-color="${colour}"/>`;
  });
  return `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1">${stops.join("")}</linearGradient>`;
}

function room({ sky, hills, wall, frame, disc, stars: count }: Scene): string {
  const middle = (LEFT + RIGHT) / 2;
  const panes = [
    `M${middle} ${TOP}V${BOTTOM}`,
    `M${LEFT} ${TOP + 250}H${RIGHT}`,
    `M${LEFT} ${TOP}H${RIGHT}V${BOTTOM}H${LEFT}Z`,
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="xMidYMid slice">
<defs>${gradient("sky", sky)}${gradient("wall", wall)}
<radialGradient id="glow"><stop offset="0%" stop-color="${disc.colour}" stop-opacity=".55"/><stop offset="45%" stop-color="${disc.colour}" stop-opacity=".16"/><stop offset="100%" stop-color="${disc.colour}" stop-opacity="0"/></radialGradient>
<clipPath id="window"><path d="M${LEFT} ${TOP}H${RIGHT}V${BOTTOM}H${LEFT}Z"/></clipPath></defs>
<rect width="${WIDTH}" height="${HEIGHT}" fill="url(#wall)"/>
<g clip-path="url(#window)"><rect x="${LEFT}" y="${TOP}" width="${RIGHT - LEFT}" height="${BOTTOM - TOP}" fill="url(#sky)"/>
<g fill="#fff">${stars(count)}</g>
<circle cx="${disc.x}" cy="${disc.y}" r="300" fill="url(#glow)"/><circle cx="${disc.x}" cy="${disc.y}" r="74" fill="${disc.colour}"/>
<path d="M${LEFT} 640Q620 520 900 620T${RIGHT} 560V${BOTTOM}H${LEFT}Z" fill="${hills[0]}"/>
<path d="M${LEFT} 700Q700 620 1000 700T${RIGHT} 660V${BOTTOM}H${LEFT}Z" fill="${hills[1]}"/></g>
<path d="${panes.join("")}" fill="none" stroke="${frame}" stroke-width="22" stroke-linejoin="round"/>
<rect x="${LEFT - 60}" y="${BOTTOM}" width="${RIGHT - LEFT + 120}" height="34" rx="8" fill="${frame}"/>
<path d="M${LEFT} ${BOTTOM + 34}L${LEFT - 220} ${HEIGHT}H${RIGHT + 220}L${RIGHT} ${BOTTOM + 34}Z" fill="${disc.colour}" opacity=".06"/>
</svg>`;
}

function portrait(hair: string, face: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><rect width="96" height="96" rx="48" fill="${hair}" opacity=".25"/>
<circle cx="48" cy="48" r="36" fill="${hair}"/><ellipse cx="48" cy="54" rx="25" ry="26" fill="${face}"/>
<path d="M22 50Q26 24 48 24T74 50Q62 42 54 32Q44 44 22 50Z" fill="${hair}"/>
<g fill="#2b2440"><circle cx="38" cy="55" r="3.6"/><circle cx="58" cy="55" r="3.6"/></g>
<path d="M42 66Q48 71 54 66" fill="none" stroke="#a4566a" stroke-width="2.6" stroke-linecap="round"/></svg>`;
}

const PORTRAITS: Readonly<Record<string, string>> = {
  luna: portrait("#7468c8", "#ffe9dd"),
  sol: portrait("#d9883f", "#ffe6cf"),
};

/** As `background-files` names them. */
export const BACKGROUND_FILES = Object.keys(SCENES).map((name) => `${name}.svg`);

/** The picture of an address, whatever its file is said to be: the frontend's default is a .jpeg. */
export function pictureAt(path: string): string | undefined {
  const [, folder, name = ""] = /^\/(bg|avatars)\/([\w-]+)\.\w+$/.exec(path) ?? [];
  if (folder === "bg" && Object.hasOwn(SCENES, name) && SCENES[name]) return room(SCENES[name]);
  return folder === "avatars" && Object.hasOwn(PORTRAITS, name) ? PORTRAITS[name] : undefined;
}
