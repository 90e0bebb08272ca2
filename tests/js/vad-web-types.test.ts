/** Code written for vad-web compiles against voicepath/vad-web, mistakes included. */
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const vadWeb = `${root}node_modules/@ricky0123/vad-web/dist/index.d.ts`;
const ours = `${root}dist/vad-web/index.d.ts`;

function mistakes(file: string, paths: Record<string, string[]>): string[] {
  const program = ts.createProgram([`${root}tests/js/vad-web-types/${file}`], {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    // Our declarations are checked too; vad-web's need packages that are not here.
    skipLibCheck: Object.values(paths).some(([path]) => path === vadWeb),
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: [],
    paths,
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, start, messageText }) =>
        `${file && file.getLineAndCharacterOfPosition(start ?? 0).line + 1}: ` +
        ts.flattenDiagnosticMessageText(messageText, "\n"),
    );
}

test.each([
  ["vad-web's own declarations", vadWeb],
  ["voicepath's", ours],
])("an application compiles against %s", { timeout: 60_000 }, (_, declarations) => {
  expect(mistakes("application.ts", { "@ricky0123/vad-web": [declarations] })).toEqual([]);
});

test("our additions have the types they say", { timeout: 60_000 }, () => {
  const paths = { "voicepath/vad-web": [ours], "voicepath/inline": [`${root}dist/inline.d.ts`] };
  expect(mistakes("additions.ts", paths)).toEqual([]);
});
