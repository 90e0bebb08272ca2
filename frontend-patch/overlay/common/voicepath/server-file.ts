/** The address of a file: it has one of its own, or its path is one on the server. */
export function serverFile(file: string, baseUrl: string): string {
  if (/^([a-z][a-z\d+.-]*:|\/\/)/i.test(file)) return file;
  return `${baseUrl.replace(/\/+$/, "")}/${file.replace(/^\/+/, "")}`;
}
