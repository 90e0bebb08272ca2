/** package.json: voicepath comes, what nobody imports any more goes; all else stays to the byte. */
import { Node, type ObjectLiteralExpression, type PropertyAssignment, SyntaxKind } from "ts-morph";
import { messageOf, PatchError } from "../patch-error.js";
import { insert, remove } from "./list.js";
import { parse } from "./source.js";
import { type Edited, splice } from "./splice.js";

export interface Dependencies {
  /** What to say of voicepath; "keep": what is said already, if anything is, else this. */
  readonly spec: string;
  readonly keep: boolean;
  readonly remove: readonly string[];
}

/** Where a package may be listed. Peers are a promise to others and stay. */
const LISTS = ["dependencies", "devDependencies", "optionalDependencies"] as const;
const NAME = "voicepath";
/** JSON is an expression once it is in parentheses. */
const OPEN = "(";

function top(json: string): ObjectLiteralExpression {
  const [found] = parse("package.ts", `${OPEN}${json}\n)`).getDescendantsOfKind(
    SyntaxKind.ObjectLiteralExpression,
  );
  if (found) return found;
  throw new PatchError("FORMAT", "package.json holds no object");
}

function propertiesOf(object: ObjectLiteralExpression): PropertyAssignment[] {
  return object.getProperties().filter(Node.isPropertyAssignment);
}

function keyOf(property: PropertyAssignment): string {
  return JSON.parse(property.getNameNode().getText()) as string;
}

function listIn(
  object: ObjectLiteralExpression,
  name: string,
): ObjectLiteralExpression | undefined {
  const property = propertiesOf(object).find((candidate) => keyOf(candidate) === name);
  return property?.getInitializerIfKind(SyntaxKind.ObjectLiteralExpression);
}

function edit(
  json: string,
  change: (object: ObjectLiteralExpression) => Parameters<typeof splice>[1],
) {
  return splice(OPEN + json, change(top(json))).slice(OPEN.length);
}

function without(json: string, names: readonly string[]): string {
  return edit(json, (object) =>
    LISTS.flatMap((list) => {
      const inside = listIn(object, list);
      return inside
        ? remove(propertiesOf(inside).filter((property) => names.includes(keyOf(property))))
        : [];
    }),
  );
}

function withVoicepath(json: string, { spec, keep }: Dependencies): string {
  return edit(json, (object) => {
    const entry = `${JSON.stringify(NAME)}: ${JSON.stringify(spec)}`;
    for (const list of LISTS) {
      const inside = listIn(object, list);
      const there = inside && propertiesOf(inside).find((property) => keyOf(property) === NAME);
      if (!there) continue;
      const value = there.getInitializerOrThrow();
      if (keep) return [];
      return [{ start: value.getStart(), end: value.getEnd(), text: JSON.stringify(spec) }];
    }
    const dependencies = listIn(object, "dependencies");
    if (!dependencies) return insert(object, `"dependencies": { ${entry} }`);
    return insert(dependencies, entry, placeFor(dependencies));
  });
}

/** In the order of the alphabet, if the others are. */
function placeFor(dependencies: ObjectLiteralExpression): PropertyAssignment | undefined {
  const properties = propertiesOf(dependencies);
  const keys = properties.map(keyOf);
  const sorted = keys.every((key, index) => index === 0 || (keys[index - 1] ?? "") <= key);
  return sorted ? properties.find((property) => keyOf(property) > NAME) : undefined;
}

function check(json: string): void {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new PatchError("FORMAT", `package.json is no JSON: ${messageOf(cause)}`, { cause });
  }
  const isObject = (what: unknown): boolean =>
    typeof what === "object" && what !== null && !Array.isArray(what);
  if (!isObject(value)) throw new PatchError("FORMAT", "package.json holds no object");
  for (const list of LISTS) {
    const inside = (value as Record<string, unknown>)[list];
    if (inside !== undefined && !isObject(inside))
      throw new PatchError("FORMAT", `package.json: "${list}" is no object`);
  }
}

export function editPackageJson(json: string, dependencies: Dependencies): Edited {
  check(json);
  const kept = without(json, dependencies.remove);
  const text = withVoicepath(kept, dependencies);
  const done: string[] = [];
  if (text !== kept) done.push(`"voicepath": "${dependencies.spec}"`);
  const gone = dependencies.remove.filter((name) => json.includes(`"${name}"`) && kept !== json);
  if (gone.length > 0) done.push(`without ${gone.join(", ")}`);
  return { text, done, byHand: [] };
}
