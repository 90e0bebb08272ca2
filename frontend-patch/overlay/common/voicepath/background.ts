/**
 * Backgrounds by their addresses. A file of the server is saved as its path, so that it is found
 * wherever the server is next time; anything else is saved as it was chosen, and nothing while the
 * default is good enough.
 */
import { serverFile } from "@/voicepath/server-file";

/** As the server sends them, or with an address of their own. */
export type BackgroundFile = string | { name: string; url: string };

const FOLDER = "/bg/";
const DEFAULT_FILE = "ceiling-window-room-night.jpeg";

/** The server's own, when none was chosen. */
export function defaultBackground(baseUrl: string): string {
  return resolved("", baseUrl);
}

/** The address of what was saved: an address, a path on the server, or the name of a file there. */
export function resolved(saved: string, baseUrl: string): string {
  if (saved === "") return serverFile(`${FOLDER}${DEFAULT_FILE}`, baseUrl);
  if (saved.includes("/")) return serverFile(saved, baseUrl);
  const isName = !/^(data|blob):/i.test(saved);
  return isName ? serverFile(`${FOLDER}${encodeURIComponent(saved)}`, baseUrl) : saved;
}

/** What is saved of a choice. */
export function saved(chosen: string, baseUrl: string): string {
  const address = resolved(chosen, baseUrl);
  if (address === defaultBackground(baseUrl)) return "";
  const folder = resolved(FOLDER, baseUrl);
  return address.startsWith(folder) ? address.slice(folder.length - FOLDER.length) : chosen;
}

export function nameOf(file: BackgroundFile): string {
  return typeof file === "string" ? file : file.name;
}
