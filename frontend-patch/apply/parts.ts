/** What can be chosen with --only, and which files each part consists of. */
import { PatchError } from "./patch-error.js";
import type { Shape } from "./shape.js";

export interface Part {
  readonly name: PartName;
  readonly about: string;
  /** Under src/renderer/src: replaced by the overlay's file of the same name. */
  readonly replaces: readonly string[];
  /** Of those, not in every release: put there where they are not. */
  readonly added?: readonly string[];
  /** Replaced by file name, wherever under src/renderer/src it lies. */
  readonly anywhere?: boolean;
  /** The only shape that has it; undefined: both. */
  readonly shape?: Shape;
}

export const PART_NAMES = [
  "vad",
  "socket",
  "playback",
  "subtitle",
  "background",
  "storage",
  "model",
  "store",
  "carousel",
  "alias",
] as const;
export type PartName = (typeof PART_NAMES)[number];

export const PARTS: readonly Part[] = [
  {
    name: "vad",
    about: "microphone and voice activity",
    replaces: ["context/vad-context.tsx", "hooks/utils/use-send-audio.tsx"],
  },
  {
    name: "socket",
    about: "connection and messages",
    replaces: [
      "services/websocket-service.tsx",
      "context/websocket-context.tsx",
      "services/websocket-handler.tsx",
    ],
  },
  {
    name: "playback",
    about: "the character's speech",
    replaces: ["utils/task-queue.ts", "utils/audio-manager.ts", "hooks/utils/use-audio-task.ts"],
    added: ["utils/audio-manager.ts"],
  },
  {
    name: "subtitle",
    about: "subtitles in step with the voice",
    replaces: ["context/subtitle-context.tsx", "components/canvas/subtitle.tsx"],
  },
  { name: "background", about: "backgrounds", replaces: ["context/bgurl-context.tsx"] },
  { name: "storage", about: "settings", replaces: ["hooks/utils/use-local-storage.ts"] },
  { name: "model", about: "switching the character", replaces: [] },
  { name: "store", about: "the one store", replaces: ["store/index.ts"], shape: "store" },
  {
    name: "carousel",
    about: "advertisements",
    replaces: ["components/ad-carousel.tsx"],
    anywhere: true,
    shape: "store",
  },
  {
    name: "alias",
    about: "the smallest form: only @ricky0123/vad-web is exchanged, by one line for the bundler",
    replaces: [],
  },
];

function isPartName(name: string): name is PartName {
  return PART_NAMES.some((known) => known === name);
}

/** From "vad,subtitle". */
export function partNames(text: string): PartName[] {
  const names = text.split(",").map((name) => name.trim());
  const known = names.filter(isPartName);
  const strange = names.find((name) => !isPartName(name));
  if (strange !== undefined)
    throw new PatchError("USAGE", `--only has "${strange}"; there are ${PART_NAMES.join(", ")}`);
  return [...new Set(known)];
}

/** The chosen parts in their order; all of this shape if none was chosen, which never means the alias. */
export function partsOf(shape: Shape, chosen: readonly PartName[] | undefined): Part[] {
  for (const { name, shape: needed } of PARTS)
    if (chosen?.includes(name) && needed !== undefined && needed !== shape)
      throw new PatchError(
        "SHAPE",
        `--only has "${name}", which is for the shape "${needed}"; this is "${shape}"`,
      );
  return PARTS.filter(({ name, shape: needed }) =>
    chosen
      ? // The microphone's part leaves no vad-web that an alias could stand for.
        chosen.includes(name) && !(name === "alias" && chosen.includes("vad"))
      : name !== "alias" && (needed === undefined || needed === shape),
  );
}
