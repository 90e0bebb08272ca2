import { type SubmitEvent, useEffect, useRef, useState } from "react";
import { Subtitle, useConnection, useMicVAD, useScope, useSubtitle } from "voicepath/react";
import { Answer } from "./answer";
import { CharacterView } from "./CharacterView";
import { CHARACTERS } from "./character";
import { type ClientMessage, HEARTBEAT, type ServerMessage } from "./protocol";
import { Speaker } from "./speaker";
import type { Conversation, Stagehand } from "./stagehand";

interface Said {
  readonly id: number;
  readonly who: "you" | "Luna";
  readonly text: string;
}

const REMEMBERED = 8;
const ADDRESS = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/stage/client-ws`;

const HEARD = "(you said something)";

/** Talks with the character: by text or microphone in, by text, voice and face out. */
export function ConversationView({ stagehand }: { readonly stagehand: Stagehand }) {
  const scope = useScope("conversation");
  const [speaker, setSpeaker] = useState<Speaker | null>(null);
  const [said, setSaid] = useState<readonly Said[]>([]);
  const [text, setText] = useState("");
  const [character, setCharacter] = useState(0);
  const [drawn, setDrawn] = useState(-1);
  const [error, setError] = useState<string | null>(null);
  const count = useRef(0);

  const { buffer, ...subtitle } = useSubtitle({ parent: scope });
  const answer = useRef<Answer>(null);

  const remember = (who: Said["who"], words: string): void => {
    const id = ++count.current;
    setSaid((all) => [...all, { id, who, text: words }].slice(-REMEMBERED));
  };

  const { state, send, rttMs } = useConnection<ServerMessage, ClientMessage>({
    url: ADDRESS,
    parent: scope,
    json: true,
    heartbeat: {
      everyMs: 5000,
      message: HEARTBEAT,
      isReply: (message) => (message as ServerMessage).type === "heartbeat-ack",
    },
    // The server is on this machine, and cut again and again.
    backoffBaseMs: 1,
    backoffCapMs: 1,
    budgetWindowMs: 0,
    breakerFailures: 0,
    onOpen: () => stagehand.opened(),
    onMessage: (message) => {
      if (message.type === "audio") remember("Luna", message.display_text.text);
      answer.current?.hear(message);
    },
  });

  const say = async (words: string): Promise<void> => {
    const owner = scope.current;
    if (!owner || !speaker) return;
    remember("you", words);
    answer.current?.dispose();
    const begun = new Answer(owner, speaker, subtitle, () =>
      send({ type: "frontend-playback-complete" }),
    );
    answer.current = begun;
    send({ type: "text-input", text: words });
    await begun.done;
  };

  const mic = useMicVAD({
    model: "v6",
    startOnLoad: false,
    onSpeechEnd: () => remember("you", HEARD),
  });

  useEffect(() => {
    const owner = scope.current;
    if (!owner) return;
    Speaker.open(owner).then(setSpeaker, (cause: unknown) => {
      if (!owner.disposed) setError(String(cause));
    });
    return () => setSpeaker(null);
  }, [scope]);

  const connected = state === "open";
  const isReady = connected && speaker !== null && buffer !== null && !mic.loading && drawn >= 0;
  const latest = useRef<{ say: typeof say; drawn: number; character: number }>(null);
  latest.current = { say, drawn, character };
  const { start, pause } = mic;
  useEffect(() => {
    if (!isReady) return;
    const conversation: Conversation = {
      startMic: start,
      stopMic: pause,
      say: async (words) => latest.current?.say(words),
      async nextModel() {
        const next = ((latest.current?.character ?? 0) + 1) % CHARACTERS.length;
        setCharacter(next);
        while (latest.current?.drawn !== next)
          await new Promise((resolve) => requestAnimationFrame(resolve));
      },
    };
    stagehand.ready(conversation);
  }, [isReady, stagehand, start, pause]);
  useEffect(() => () => stagehand.ready(null), [stagehand]);
  const failure = error ?? mic.errored;
  useEffect(() => {
    if (failure) stagehand.failed(failure);
  }, [stagehand, failure]);

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const words = text.trim();
    if (words === "") return;
    setText("");
    void say(words);
  };

  return (
    <section className="conversation">
      <div className="picture">
        <CharacterView
          parent={scope}
          character={character}
          level={() => speaker?.level ?? 0}
          onDrawn={setDrawn}
        />
        <Subtitle buffer={buffer} parent={scope} width="88%" lang="en" />
      </div>
      <div className="talk">
        <div className="states">
          <span className={connected ? "state good" : "state"}>{state}</span>
          <span className="state">{rttMs === null ? "…" : `${rttMs.toFixed(0)} ms`}</span>
          <span className={mic.listening ? "state good" : "state"}>
            {mic.listening ? (mic.userSpeaking ? "you speak" : "listening") : "microphone off"}
          </span>
        </div>
        {failure && <p className="error">{failure}</p>}
        <ol className="said">
          {said.map(({ id, who, text: words }) => (
            <li key={id} className={who === "you" ? "you" : "them"}>
              {words}
            </li>
          ))}
        </ol>
        <form onSubmit={submit}>
          <input
            value={text}
            onChange={({ target }) => setText(target.value)}
            placeholder="Say something"
            aria-label="What you say"
          />
          <button type="submit" className="primary" disabled={!isReady}>
            Send
          </button>
        </form>
        <div className="choices">
          <button
            type="button"
            aria-pressed={mic.listening}
            disabled={mic.loading}
            onClick={() => void mic.toggle()}
          >
            Microphone
          </button>
          <label>
            Character{" "}
            <select value={character} onChange={({ target }) => setCharacter(Number(target.value))}>
              {CHARACTERS.map(({ name }, i) => (
                <option key={name} value={i}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        </div>
      </div>
    </section>
  );
}
