/** The files that the backend serves beside the app. */
import { CHARACTERS, modelFile } from "./characters.js";
import { pictureAt } from "./pictures.js";

export interface ServedFile {
  readonly type: string;
  readonly body: string;
}

export function fileAt(path: string): ServedFile | undefined {
  const character = CHARACTERS.find(({ model }) => model.url === path);
  if (character) return { type: "application/json", body: JSON.stringify(modelFile(character)) };
  const picture = pictureAt(path);
  return picture === undefined ? undefined : { type: "image/svg+xml", body: picture };
}
