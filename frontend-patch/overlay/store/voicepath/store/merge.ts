/**
 * What follows from a description: the first state, what is kept of one, and a kept one put into a
 * state. Of the kept one only what is described is looked at, and of that only what is in its range is
 * taken; everything else stays as it was in the state, so a new field has its default, and a dead one
 * is gone.
 */
import { Field, type Group, type StateOf } from "./field";

/** Told of each value that was not believed. */
export type Refuse = (path: string, value: unknown, range: string) => void;

type Fields = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object's own field: nothing that objects inherit is meant. */
function own(object: Fields, name: string): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value;
}

function mapped(group: Group, each: (name: string, member: Field<unknown> | Group) => unknown) {
  return Object.fromEntries(
    Object.entries(group).map(([name, member]) => [name, each(name, member)]),
  );
}

/** The state when nothing is kept. */
export function initialState<G extends Group>(group: G): StateOf<G> {
  return mapped(group, (_name, member) =>
    member instanceof Field ? member.initial : initialState(member),
  ) as StateOf<G>;
}

/** What is kept of a state, for JSON. */
export function keptState(group: Group, state: object): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(group)) {
    const value = own(state as Fields, name);
    if (!(member instanceof Field)) {
      const part = keptState(member, isObject(value) ? value : {});
      if (Object.keys(part).length > 0) kept[name] = part;
    } else if (member.kept) kept[name] = member.kept.keep ? member.kept.keep(value) : value;
  }
  return kept;
}

/** `kept` put into `state`, which stays as it is; the fields that the group does not describe too. */
export function merged<State extends object>(
  group: Group,
  state: State,
  kept: unknown,
  refuse: Refuse,
  path = "",
): State {
  if (kept === undefined) return state;
  if (!isObject(kept)) {
    refuse(path || "state", kept, "an object");
    return state;
  }
  const taken = mapped(group, (name, member) => {
    const before = own(state as Fields, name);
    const value = own(kept, name);
    const place = path ? `${path}.${name}` : name;
    if (!(member instanceof Field)) return merged(member, before as object, value, refuse, place);
    if (!member.kept || value === undefined) return before;
    if (member.kept.accepts(value)) return value;
    refuse(place, value, member.kept.range);
    return before;
  });
  return { ...state, ...taken };
}
