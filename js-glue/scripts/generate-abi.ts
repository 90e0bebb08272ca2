/**
 * Writes the TypeScript side of the ABI, and its fingerprint for the C side.
 *
 * Sizes, offsets and constants come from the compiler (abi_dump.wasm), names and types from the
 * headers. Where the two disagree, or a struct has a field that abi_dump.c forgot, it stops.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { crc32 } from "node:zlib";

const { values: args, positionals: headerPaths } = parseArgs({
  options: {
    dump: { type: "string" },
    exports: { type: "string", multiple: true },
    hash: { type: "string" },
    types: { type: "string" },
  },
  allowPositionals: true,
});

function required(name: "dump" | "hash" | "types"): string {
  const value = args[name];
  if (!value) throw new Error(`--${name} is missing`);
  return value;
}

/** Name and value pairs of abi_dump.wasm. */
function readDump(path: string): Map<string, number> {
  interface DumpExports {
    readonly memory: WebAssembly.Memory;
    count(): number;
    name(index: number): number;
    value(index: number): number;
  }
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)), {});
  const dump = instance.exports as unknown as DumpExports;
  const bytes = new Uint8Array(dump.memory.buffer);
  const text = (at: number): string =>
    new TextDecoder().decode(bytes.subarray(at, bytes.indexOf(0, at)));
  return new Map(
    Array.from({ length: dump.count() }, (_, i) => [text(dump.name(i)), dump.value(i)]),
  );
}

const stripComments = (source: string): string => source.replace(/\/\*[\s\S]*?\*\//g, "");

const headers = headerPaths.map((path) => stripComments(readFileSync(path, "utf8"))).join("\n");
const dump = readDump(required("dump"));

// ---- Constants and statuses ----

const constants = [...dump]
  .filter(([name]) => name.startsWith("const "))
  .map(([name, value]) => `export const ${name.slice(6)} = ${value};`);

const statuses = [...dump]
  .filter(([name]) => name.startsWith("status "))
  .map(([entry, value]) => {
    const [name, message] = entry.slice(7).split("|");
    return `  [${value}, { code: ${JSON.stringify(name)}, message: ${JSON.stringify(message)} }],`;
  });

// ---- Structs ----

/** What the C type of a field is called in the generated layout. */
function fieldType(cType: string): string {
  if (cType === "float") return "f32";
  if (cType === "double") return "f64";
  if (cType === "uint16_t") return "u16";
  if (cType === "uint32_t" || cType.endsWith("*")) return "u32";
  if (cType.startsWith("vp_")) return "struct";
  throw new Error(`no layout for fields of type ${cType}`);
}

const layouts = [...headers.matchAll(/typedef struct (vp_\w+) \{([^}]*)\} \1;/g)].map(
  ([, name, body]) => {
    const size = dump.get(`sizeof ${name}`);
    if (size === undefined) throw new Error(`abi_dump.c does not list struct ${name}`);
    let fieldBytes = 0;
    const fields = (body ?? "")
      .split(";")
      .map((line) => line.trim().replace(/\s+/g, " "))
      .filter(Boolean)
      .map((line) => {
        const match = /^(?:const )?(\w+ ?\*?) ?(\w+)(?:\[\w+\])?$/.exec(line);
        if (!match) throw new Error(`cannot read "${line}" in struct ${name}`);
        const [, cType = "", field = ""] = match;
        const offset = dump.get(`offsetof ${name}.${field}`);
        const bytes = dump.get(`fieldsize ${name}.${field}`);
        if (offset === undefined || bytes === undefined)
          throw new Error(`abi_dump.c does not list ${name}.${field}`);
        fieldBytes += bytes;
        return `    ${field}: { offset: ${offset}, type: "${fieldType(cType.trim())}" },`;
      });
    if (fieldBytes !== size)
      throw new Error(
        `${name}: fields take ${fieldBytes} of ${size} bytes; padding is not allowed`,
      );
    return `export const ${name} = {\n  size: ${size},\n  fields: {\n${fields.join("\n")}\n  },\n} as const;`;
  },
);

// ---- Functions ----

/** "const vp_vad_config *config" -> ["config", 'Pointer<"vp_vad_config">']. */
function parameter(text: string): [name: string, type: string] {
  const match = /^(?:const )?(\w+) (\*?)(\w+)$/.exec(text.trim().replace(/\s+/g, " "));
  if (!match) throw new Error(`cannot read parameter "${text}"`);
  const [, type = "", star, name = ""] = match;
  return [name, star ? `Pointer<"${type}">` : "number"];
}

function returnType(text: string): string {
  const type = text.trim();
  if (type === "void") return "void";
  return type.endsWith("*") ? `Pointer<"${type.slice(0, -1).trim()}">` : "number";
}

const prototypes = new Map(
  [...headers.matchAll(/^((?:const )?\w+ \*?)(vp_\w+)\(([^)]*)\);/gm)].map(
    ([, result = "", name = "", list = ""]) => [name, { result, list }],
  ),
);

function exported(name: string): { name: string; arity: number; declaration: string } {
  const prototype = prototypes.get(name);
  if (!prototype) throw new Error(`${name} is exported but no header declares it`);
  const parameters =
    prototype.list.trim() === "void" ? [] : prototype.list.split(",").map(parameter);
  const list = parameters.map((p) => p.join(": ")).join(", ");
  return {
    name,
    arity: parameters.length,
    declaration: `  ${name}(${list}): ${returnType(prototype.result)};`,
  };
}

/** The interface and the arities of one wasm file, from its list of exports. */
function wasmFile(exportsPath: string): string {
  const file = basename(exportsPath, ".exports");
  const type = `${file[0]?.toUpperCase()}${file.slice(1)}Exports`;
  const functions = readFileSync(exportsPath, "utf8").split("\n").filter(Boolean).map(exported);
  return `/** What ${file}.wasm exports. */
export interface ${type} {
  readonly memory: WebAssembly.Memory;
  readonly __heap_base: WebAssembly.Global;
${functions.map((f) => f.declaration).join("\n")}
}

/** How many parameters each of its functions takes. */
export const ${file.toUpperCase()}_EXPORT_ARITIES = {
${functions.map((f) => `  ${f.name}: ${f.arity},`).join("\n")}
} as const;`;
}

// ---- Output ----

const body = `/** An address in the wasm memory, branded by what lies there. */
export type Pointer<Of extends string> = number & { readonly __of?: Of };

${constants.join("\n")}

/** Every status of the C side. */
export const STATUSES: ReadonlyMap<number, { readonly code: string; readonly message: string }> = new Map([
${statuses.join("\n")}
]);

${layouts.join("\n\n")}

${(args.exports ?? []).map(wasmFile).join("\n\n")}
`;

const hash = crc32(body);
writeFileSync(required("hash"), `#define VP_ABI_HASH ${hash}u\n`);
writeFileSync(
  required("types"),
  `// Generated by js-glue/scripts/generate-abi.ts from the C headers and the compiler. Do not edit.

/** What vp_abi_hash() of a matching wasm file returns. */
export const ABI_HASH = ${hash};

${body}`,
);
