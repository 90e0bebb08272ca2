/**
 * What a state consists of: fields with a default and a range, in groups. From one such description
 * follow the first state, what of a state is kept between visits, and what of a kept one is believed.
 */

export interface FieldOptions<T> {
  /** What may be believed of what was kept. */
  readonly accepts: (value: unknown) => value is T;
  /** The same in words: "a number, 0 to 100". */
  readonly range: string;
  /** What is kept of a value. Default: all of it. */
  keep?(value: T): unknown;
}

export class Field<T> {
  readonly initial: T;
  /** Null for what is only true now, and begins anew with every visit. */
  readonly kept: FieldOptions<T> | null;

  constructor(initial: T, kept: FieldOptions<T> | null) {
    this.initial = initial;
    this.kept = kept;
  }
}

export interface Group {
  readonly [name: string]: Field<unknown> | Group;
}

/** The state that a description describes. */
export type StateOf<Description> =
  Description extends Field<infer T>
    ? T
    : { [Name in keyof Description]: StateOf<Description[Name]> };

export function ofThisVisit<T>(initial: T): Field<T> {
  return new Field(initial, null);
}

export function flag(initial: boolean): Field<boolean> {
  return new Field(initial, {
    accepts: (value) => typeof value === "boolean",
    range: "true or false",
  });
}

export function text(initial: string): Field<string> {
  return new Field(initial, { accepts: (value) => typeof value === "string", range: "a text" });
}

export function texts(): Field<readonly string[]> {
  const accepts = (value: unknown): value is readonly string[] =>
    Array.isArray(value) && value.every((item) => typeof item === "string");
  return new Field<readonly string[]>([], { accepts, range: "a list of texts" });
}

export function number(initial: number, min: number, max: number): Field<number> {
  const accepts = (value: unknown): value is number =>
    typeof value === "number" && value >= min && value <= max;
  return new Field(initial, { accepts, range: `a number, ${min} to ${max}` });
}

export function integer(initial: number, min: number, max: number): Field<number> {
  const accepts = (value: unknown): value is number =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
  return new Field(initial, { accepts, range: `an integer, ${min} to ${max}` });
}
