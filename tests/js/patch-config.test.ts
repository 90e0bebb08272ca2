/** voicepath-patch: package.json and the bundlers' configurations, however they are written. */
import fc from "fast-check";
import { ts } from "ts-morph";
import { describe, expect, test } from "vitest";
import { editPackageJson } from "../../frontend-patch/apply/edits/package-json.js";
import { editViteConfig } from "../../frontend-patch/apply/edits/vite-config.js";

const VAD = "@ricky0123/vad-web";
const ORT = "onnxruntime-web";

/** Runs a configuration for the page and gives back what Vite would see. */
async function evaluate(text: string): Promise<unknown> {
  const body = text.replace(/^import .*$/gm, "").replace("export default", "return");
  const { outputText } = ts.transpileModule(`async function config() {${body}\n}`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  const names = {
    defineConfig: (value: unknown) => value,
    mergeConfig: (a: object, b: object) => ({ ...a, ...b }),
    viteStaticCopy: (options: unknown) => options,
    normalizePath: (path: string) => path.replaceAll("\\", "/"),
    path: {
      resolve: (...steps: string[]) => steps.join("/"),
      join: (...steps: string[]) => steps.join("/"),
    },
    __dirname: "/app",
    flag: true,
  };
  const make = new Function(...Object.keys(names), `${outputText}; return config();`);
  const value: unknown = await make(...Object.values(names));
  return typeof value === "function" ? await value({ mode: "web" }) : value;
}

interface Target {
  readonly src: string;
  readonly dest: string;
}

interface Config {
  readonly plugins: readonly { readonly targets: readonly Target[] }[];
  readonly optimizeDeps?: {
    readonly exclude?: readonly string[];
    readonly include?: readonly string[];
  };
  readonly resolve?: { readonly alias: object };
}

/** What the edit is meant to do, said once more, on values. */
function expected(config: Config, drop: readonly string[]): unknown {
  const stays = ({ src }: Target): boolean => !drop.some((name) => src.includes(`/${name}/`));
  const listed = config.optimizeDeps ?? {};
  const kept = (names: readonly string[] | undefined): string[] =>
    names?.filter((name) => !drop.includes(name)) ?? [];
  const exclude = kept(listed.exclude);
  return {
    ...config,
    plugins: config.plugins.map(({ targets }) => ({ targets: targets.filter(stays) })),
    optimizeDeps: {
      ...listed,
      ...(listed.include ? { include: kept(listed.include) } : {}),
      exclude: exclude.includes("voicepath") ? exclude : [...exclude, "voicepath"],
    },
  };
}

const style = fc.record({
  quote: fc.constantFrom("'", '"'),
  indent: fc.constantFrom("  ", "    ", "\t"),
  newline: fc.constantFrom("\n", "\r\n"),
  trailing: fc.boolean(),
  /** Objects and lists on one line. */
  flat: fc.boolean(),
  remark: fc.constantFrom("", " // a remark", " /* a remark */"),
});
type Style = typeof style extends fc.Arbitrary<infer T> ? T : never;

/** A value with expressions in it, written in a style. */
class Writer {
  readonly #style: Style;

  constructor(chosen: Style) {
    this.#style = chosen;
  }

  text(value: string): string {
    return this.#style.quote + value + this.#style.quote;
  }

  #group(open: string, items: readonly string[], close: string, depth: number): string {
    const { flat, indent, newline, trailing, remark } = this.#style;
    if (items.length === 0) return open + close;
    const comma = trailing ? "," : "";
    if (flat) return `${open} ${items.join(", ")}${comma} ${close}`;
    const lines = items.map((item, index) => {
      const end = index < items.length - 1 ? "," : comma;
      return `${indent.repeat(depth + 1)}${item}${end}${index % 2 === 0 ? remark : ""}`;
    });
    return [open, ...lines, indent.repeat(depth) + close].join(newline);
  }

  list(items: readonly string[], depth: number): string {
    return this.#group("[", items, "]", depth);
  }

  object(members: Readonly<Record<string, string>>, depth: number): string {
    const items = Object.entries(members).map(([name, value]) => `${name}: ${value}`);
    return this.#group("{", items, "}", depth);
  }
}

const PATHS = [
  `node_modules/${VAD}/dist/silero.onnx`,
  `node_modules/${VAD}/dist/worklet.js`,
  `node_modules/${ORT}/dist/*.wasm`,
  "src/renderer/core.js",
  "node_modules/onnxruntime-webgpu/x.wasm",
  "node_modules/@ricky0123/vad-web-extra/y.onnx",
];

const configuration = fc.record({
  style,
  targets: fc.array(
    fc.record({
      path: fc.constantFrom(...PATHS),
      form: fc.constantFrom("plain", "resolve", "normalize", "template", "constant", "whole"),
    }),
    { maxLength: 6 },
  ),
  /** How many of the last targets come by a spread. */
  spread: fc.nat(3),
  include: fc.option(fc.subarray(["react", VAD, ORT])),
  exclude: fc.option(fc.subarray(["some", VAD, "voicepath"])),
  form: fc.constantFrom(
    "object",
    "define",
    "arrow",
    "async",
    "block",
    "condition",
    "constant",
    "base",
    "function",
  ),
});
type Configuration = typeof configuration extends fc.Arbitrary<infer T> ? T : never;

/** The text of a configuration that says what is asked for. */
function written({
  style: chosen,
  targets,
  spread,
  include,
  exclude,
  form,
}: Configuration): string {
  const writer = new Writer(chosen);
  const { newline } = chosen;
  const constants: string[] = [];
  const objects = targets.map(({ path, form: how }, index) => {
    const dest = writer.text("./libs/");
    const src = {
      plain: writer.text(`./${path}`),
      resolve: `path.resolve(__dirname, ${writer.text(path)})`,
      normalize: `normalizePath(path.join(__dirname, ${writer.text(path)}))`,
      template: `\`\${__dirname}/${path}\``,
      constant: `from${index}`,
      whole: writer.text(`./${path}`),
    }[how];
    if (how === "constant") constants.push(`const from${index} = ${writer.text(`./${path}`)};`);
    const target = writer.object({ src: src ?? "", dest }, 5);
    if (how !== "whole") return target;
    constants.push(`const target${index} = ${target};`);
    return `target${index}`;
  });
  const first = objects.slice(0, objects.length - spread);
  const rest = objects.slice(objects.length - spread);
  const items = [...first, ...(rest.length > 0 ? [`...(flag ? [${rest.join(", ")}] : [])`] : [])];
  const copies = `viteStaticCopy(${writer.object({ targets: writer.list(items, 4) }, 3)})`;
  const names = (list: readonly string[]): string =>
    writer.list(
      list.map((name) => writer.text(name)),
      2,
    );
  const deps = {
    ...(include ? { include: names(include) } : {}),
    ...(exclude ? { exclude: names(exclude) } : {}),
  };
  const optimizeDeps = Object.keys(deps).length > 0 ? { optimizeDeps: writer.object(deps, 1) } : {};
  const members: Record<string, string> = { plugins: writer.list([copies], 1), ...optimizeDeps };
  const object = writer.object(members, 0);
  const rooted = writer.object({ root: writer.text("src"), ...members }, 0);
  const forms: Record<string, string> = {
    object: `export default ${object};`,
    define: `export default defineConfig(${object});`,
    arrow: `export default defineConfig(({ mode }) => (${object}));`,
    async: `const make = async (dir) => (${object});${newline}export default defineConfig(async ({ mode }) => { if (mode === 'web') { return make('a'); } return make('b'); });`,
    block: `export default defineConfig(() => { return ${object}; });`,
    condition: `export default defineConfig(({ mode }) => mode === 'web' ? ${object} : ${rooted});`,
    constant: `const config = ${object} as const;${newline}export default config;`,
    base: `const base = ${object};${newline}export default defineConfig({ ...base, base: './' });`,
    function: `export default make;${newline}function make() { return ${object}; }`,
  };
  const imports = "import { defineConfig, normalizePath } from 'vite';";
  return [imports, ...constants, forms[form] ?? "", ""].join(newline);
}

describe("a bundler's configuration", () => {
  test("says the same after the edit, apart from the change, in any form", {
    timeout: 30_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        configuration,
        fc.constantFrom([VAD, ORT], [VAD], []),
        async (asked, drop) => {
          const text = written(asked);
          const edited = editViteConfig(text, "vite.config.ts", {
            drop,
            alias: false,
            linked: false,
          });
          expect(edited.byHand).toEqual([]);
          const before = (await evaluate(text)) as Config;
          const after = await evaluate(edited.text);
          expect(after).toEqual(expected(before, drop));
          // What is there already is not put there again, and no line gets another end.
          const again = editViteConfig(edited.text, "vite.config.ts", {
            drop,
            alias: false,
            linked: false,
          });
          expect(again.text).toBe(edited.text);
          const mixed = asked.style.newline === "\r\n" ? /[^\r]\n/ : /\r/;
          expect(edited.text).not.toMatch(mixed);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("gets the alias in an object and in a list", async () => {
    const edit = (text: string): string =>
      editViteConfig(text, "vite.config.ts", { drop: [], alias: true, linked: false }).text;
    expect(await evaluate(edit("export default { resolve: { alias: { '@': 'src' } } };"))).toEqual({
      resolve: { alias: { "@": "src", [VAD]: "voicepath/vad-web" } },
      optimizeDeps: { exclude: ["voicepath"] },
    });
    const list = "export default { resolve: { alias: [{ find: '@', replacement: 'src' }] } };";
    expect(await evaluate(edit(list))).toEqual({
      resolve: {
        alias: [
          { find: "@", replacement: "src" },
          { find: VAD, replacement: "voicepath/vad-web" },
        ],
      },
      optimizeDeps: { exclude: ["voicepath"] },
    });
    expect(await evaluate(edit("export default { base: './' };"))).toEqual({
      base: "./",
      resolve: { alias: { [VAD]: "voicepath/vad-web" } },
      optimizeDeps: { exclude: ["voicepath"] },
    });
    expect(edit(edit(list))).toBe(edit(list));
  });

  test("takes one React where voicepath is a link", async () => {
    const edit = (text: string): string =>
      editViteConfig(text, "vite.config.ts", { drop: [], alias: false, linked: true }).text;
    const config = "export default { resolve: { dedupe: ['zustand'], alias: { '@': 'src' } } };";
    expect(await evaluate(edit(config))).toEqual({
      resolve: { dedupe: ["zustand", "react", "react-dom"], alias: { "@": "src" } },
      optimizeDeps: { exclude: ["voicepath"] },
    });
    expect(edit(edit(config))).toBe(edit(config));
  });

  test("of electron-vite is edited under renderer only", async () => {
    const text = "export default defineConfig({ main: { a: 1 }, renderer: { base: './' } });";
    const edited = editViteConfig(text, "electron.vite.config.ts", {
      drop: [],
      alias: false,
      linked: false,
    });
    expect(await evaluate(edited.text)).toEqual({
      main: { a: 1 },
      renderer: { base: "./", optimizeDeps: { exclude: ["voicepath"] } },
    });
  });

  test("loses the names that only served the copies, and no other", () => {
    const text = `import path, { join, resolve as from } from 'node:path';
import { normalizePath } from 'vite';
import * as unused from 'x';
const dist = from('node_modules/${VAD}/dist'); // where it is
const targets = [{ src: normalizePath(join(dist, 'a')), dest: '.' }];
export default { root: path.sep, plugins: [viteStaticCopy({ targets })] };
`;
    const edited = editViteConfig(text, "vite.config.ts", {
      drop: [VAD],
      alias: false,
      linked: false,
    });
    expect(edited.text).toBe(`import path from 'node:path';
import * as unused from 'x';
const targets = [];
export default { root: path.sep, plugins: [viteStaticCopy({ targets })], optimizeDeps: { exclude: ['voicepath'] } };
`);
  });

  test.each([
    [
      "a base from elsewhere",
      "import base from './base';\nexport default { ...base };",
      [/\.\.\.base|"base"/],
    ],
    [
      "a configuration from elsewhere",
      "import config from './base';\nexport default config;",
      [/add optimizeDeps/],
    ],
    ["a call that is not known", "export default wrap({});", [/add optimizeDeps/]],
    [
      "copies by a function",
      `export default { plugins: [copy('node_modules/${VAD}/dist')] };`,
      [/names @ricky0123\/vad-web/],
    ],
    [
      "a list of exclusions from elsewhere",
      "import { list } from 'x';\nexport default { optimizeDeps: { exclude: list } };",
      [/"list" cannot be followed/],
    ],
    ["nothing exported", "const config = {};", [/add optimizeDeps/]],
  ])("is named, with its line, where it cannot be followed: %s", (_, text, words) => {
    const { byHand, text: after } = editViteConfig(text, "vite.config.ts", {
      drop: [VAD],
      alias: false,
      linked: false,
    });
    expect(byHand.length).toBeGreaterThan(0);
    for (const word of words) expect(byHand.map(({ what }) => what).join("\n")).toMatch(word);
    // Nothing that could not be followed was guessed at.
    if (!text.includes("plugins")) expect(after).toBe(text);
  });
});

describe("package.json", () => {
  const names = fc.uniqueArray(
    fc.oneof(
      fc.constantFrom(VAD, ORT, "voicepath", "react", "zustand"),
      fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
    ),
  );
  const lists = fc.dictionary(
    fc.constantFrom("dependencies", "devDependencies", "peerDependencies"),
    names,
    { noNullPrototype: true },
  );

  /** JSON with white space of any kind wherever it may be. */
  function spaced(value: unknown, spaces: () => string): string {
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    const inside = Object.entries(value).map(
      ([key, inner]) =>
        `${spaces()}${JSON.stringify(key)}${spaces()}:${spaces()}${spaced(inner, spaces)}${spaces()}`,
    );
    return `{${inside.join(",")}${inside.length === 0 ? spaces() : ""}}`;
  }

  function printed(value: unknown, how: string, seed: number): string {
    if (how !== "wild") return JSON.stringify(value, null, how);
    let state = seed;
    return spaced(value, () => {
      state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
      return ["", " ", "\n", "\r\n  ", "\t"][state % 5] ?? "";
    });
  }

  test("holds the same data in the same order after the edit, apart from the change", {
    timeout: 30_000,
  }, () => {
    fc.assert(
      fc.property(
        lists,
        fc.constantFrom("", "  ", "    ", "\t", "wild"),
        fc.nat(),
        fc.constantFrom("", "\n"),
        fc.subarray([VAD, ORT]),
        fc.boolean(),
        (chosen, how, seed, end, remove, keep) => {
          const value: Record<string, unknown> = { name: "x", scripts: { dev: "vite" } };
          for (const [list, inside] of Object.entries(chosen))
            value[list] = Object.fromEntries(inside.map((name) => [name, `^1.0.0-${name.length}`]));
          value["files"] = "{}";
          const json = printed(value, how, seed) + end;
          const edited = editPackageJson(json, { spec: "^9.9.9", keep, remove }).text;
          const after = JSON.parse(edited) as Record<string, Record<string, string>>;

          const wanted = structuredClone(value) as Record<string, Record<string, string>>;
          for (const list of ["dependencies", "devDependencies"])
            for (const name of remove) delete wanted[list]?.[name];
          const there = ["dependencies", "devDependencies"].find(
            (list) => wanted[list]?.["voicepath"],
          );
          const holder = wanted[there ?? "dependencies"] ?? {};
          wanted[there ?? "dependencies"] = holder;
          if (!there || !keep) holder["voicepath"] = "^9.9.9";
          expect(after).toEqual(wanted);

          const order = (data: object | undefined): string[] =>
            Object.keys(data ?? {}).filter((name) => name !== "voicepath");
          for (const key of Object.keys(after))
            expect(order(after[key])).toEqual(order(wanted[key]));
          expect(order(after)).toEqual(order(wanted));
          expect(edited.endsWith("\n")).toBe(json.endsWith("\n"));
          expect(editPackageJson(edited, { spec: "^9.9.9", keep, remove }).text).toBe(edited);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("keeps every line that has nothing to do with the change", () => {
    const json =
      '{\r\n\t"name": "x",\r\n\t"dependencies": {\r\n\t\t"onnxruntime-web": "1",\r\n\t\t"react": "2"\r\n\t}\r\n}';
    const edited = editPackageJson(json, { spec: "file:../v", keep: true, remove: [ORT] });
    expect(edited.text).toBe(
      '{\r\n\t"name": "x",\r\n\t"dependencies": {\r\n\t\t"react": "2",\r\n\t\t"voicepath": "file:../v"\r\n\t}\r\n}',
    );
    expect(edited.done).toEqual(['"voicepath": "file:../v"', "without onnxruntime-web"]);
  });

  test.each([
    ["{", /package\.json is no JSON/],
    ["[]", /holds no object/],
    ['{"dependencies": []}', /"dependencies" is no object/],
  ])("that is none is named: %s", (json, message) => {
    expect(() => editPackageJson(json, { spec: "1", keep: true, remove: [] })).toThrow(message);
  });
});
