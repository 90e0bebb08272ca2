import { useEffect, useState } from "react";
import type { Scope } from "voicepath";
import type { OrtMode } from "voicepath/ort";
import { useScope } from "voicepath/react";
import { CANDY } from "./candy";
import { Example, type Form } from "./example";
import { mistakesForm } from "./mistakes";
import { SQUEEZENET } from "./squeezenet";

/** How Run waits; "auto" is left to the loader. */
export type ModeChoice = OrtMode | "auto";

export interface Programs {
  readonly squeezenet: Example;
  readonly candy: Example;
  readonly mistakes: Example;
}

async function load(scope: Scope, mode: ModeChoice): Promise<Programs> {
  const open = async (form: Form): Promise<Example> => {
    const load = () => Example.load(form, { mode, signal: scope.signal });
    const close = (example: Example): void => example.dispose();
    return (await scope.acquire("ortProgram", load, close, { name: form.program })).value;
  };
  // One after the other: the first of them loads ORT.
  const squeezenet = await open(SQUEEZENET);
  const [candy, mistakes] = await Promise.all([open(CANDY), open(mistakesForm())]);
  return { squeezenet, candy, mistakes };
}

export interface Loading {
  readonly programs: Programs | null;
  readonly error: string | null;
}

const NOT_YET: Loading = { programs: null, error: null };

/** The C programs in one mode; disposed of when another is chosen or the component goes. */
export function usePrograms(mode: ModeChoice, wanted: boolean): Loading {
  const [loading, setLoading] = useState(NOT_YET);
  const scope = useScope("C programs", [mode, wanted]);

  useEffect(() => {
    setLoading(NOT_YET);
    const owner = scope.current;
    if (!wanted || !owner) return;
    load(owner, mode).then(
      (programs) => !owner.disposed && setLoading({ programs, error: null }),
      (cause: unknown) => !owner.disposed && setLoading({ programs: null, error: String(cause) }),
    );
  }, [scope, mode, wanted]);

  return loading;
}

export const all = ({ squeezenet, candy, mistakes }: Programs): readonly Example[] => [
  squeezenet,
  candy,
  mistakes,
];

/** Objects of the C API that are alive, by their kind. */
export function alive(programs: Programs): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { program } of all(programs))
    for (const [kind, count] of Object.entries(program.live))
      counts.set(kind, (counts.get(kind) ?? 0) + count);
  return counts;
}
