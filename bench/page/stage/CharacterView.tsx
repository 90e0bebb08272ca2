import { useEffect, useRef, useState } from "react";
import { type ScopeRef, useScope } from "voicepath/react";
import { CHARACTERS, Model } from "./character";

const SIZE_PX = 256;

interface CharacterViewProps {
  readonly parent: ScopeRef;
  /** Its number in the list. */
  readonly character: number;
  /** How loud it speaks now, 0 to 1. */
  readonly level: () => number;
  /** Told when its first frame is drawn. */
  readonly onDrawn: (character: number) => void;
}

/** One canvas for as long as it is on the page; a model in it for as long as the character stays. */
export function CharacterView({ parent, character, level, onDrawn }: CharacterViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [gl, setGL] = useState<WebGL2RenderingContext | null>(null);
  const latest = useRef({ level, onDrawn });
  latest.current = { level, onDrawn };
  const scope = useScope("character", [], { parent });
  const modelScope = useScope("model", [character, gl], { parent: scope });

  useEffect(() => {
    const context = canvas.current?.getContext("webgl2", { antialias: true }) ?? null;
    if (context) scope.current?.gl(context, { ownsContext: true });
    setGL(context);
  }, [scope]);

  useEffect(() => {
    const owner = modelScope.current;
    const chosen = CHARACTERS[character];
    if (!owner || !gl || !chosen) return;
    const model = new Model(owner, gl, chosen);
    let isNew = true;
    owner.raf((timeMs) => {
      model.draw(timeMs, latest.current.level());
      if (isNew) latest.current.onDrawn(character);
      isNew = false;
    });
  }, [modelScope, gl, character]);

  return (
    <canvas
      ref={canvas}
      className="character"
      width={SIZE_PX}
      height={SIZE_PX}
      role="img"
      aria-label={CHARACTERS[character]?.name}
    />
  );
}
