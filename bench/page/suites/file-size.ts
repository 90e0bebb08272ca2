/** What a file of the page weighs on its way. */

/** As CompressionStream does it. */
export async function gzipSize(url: URL): Promise<number> {
  const { body } = await fetch(url);
  if (!body) throw new Error(`${url.href} is empty`);
  const zipped = body.pipeThrough(new CompressionStream("gzip"));
  return (await new Response(zipped).arrayBuffer()).byteLength;
}

/** As it was served. */
export async function brotliSize(url: URL): Promise<number> {
  await (await fetch(url)).arrayBuffer();
  const entry = performance.getEntriesByName(url.href).at(-1);
  if (!(entry instanceof PerformanceResourceTiming)) throw new Error(`${url.href} was not timed`);
  return entry.encodedBodySize;
}
