import { JSON_STRINGIFY, SPEECH_TEXTS, type SpeechText } from "../../peers/speech-texts";
import { type Load, measureGarbage } from "./garbage";
import { type Operations, timeOperations } from "./operations";
import { interleave, summarize } from "./rounds";
import type { Suite } from "./suite";
import { MESSAGE_SAMPLES, speechMessages } from "./wire-messages";

/** Messages in a sample: some hundred µs. */
const BATCH = 8;
const MESSAGES_PER_ROUND = 16;

/** Where the texts leave their length. */
const given = { bytes: 0 };

const ignore = (message: Float32Array): void => {
  given.bytes += message.length;
};

function encoding({ name, open }: SpeechText, messages: readonly Float32Array[]): Operations {
  return {
    name,
    batch: BATCH,
    async open() {
      const { encode, close } = await open();
      let at = 0;
      return {
        run(count) {
          for (let i = 0; i < count; i++) {
            const message = messages[at];
            if (message) given.bytes += encode(message).length;
            at = at + 1 === messages.length ? 0 : at + 1;
          }
        },
        close() {
          close?.();
          if (given.bytes === 0) throw new Error(`${name} gave nothing`);
        },
      };
    },
  };
}

function load({ name, open }: SpeechText, messages: readonly Float32Array[]): Load {
  return {
    name,
    async open() {
      const { encode, close } = await open();
      const inputs = messages.slice(0, MESSAGES_PER_ROUND);
      const send = (message: Float32Array): void => {
        given.bytes += encode(message).length;
      };
      return {
        idle: () => inputs.forEach(ignore),
        work: () => inputs.forEach(send),
        operations: () => inputs.length,
        ...(close && { close }),
      };
    },
  };
}

const wire = { suite: "wire", peer: JSON_STRINGIFY } as const;

export const wireEncode: Suite = {
  ...wire,
  case: "encode",
  title: "A message of speech as text",
  about:
    "4096 samples of real speech into the JSON list that the backend wants; the peer is what the " +
    "frontend does. PCM16 is base64, for servers that take it.",
  run(context) {
    const messages = speechMessages(context.speech);
    const subjects = SPEECH_TEXTS.map((text) => encoding(text, messages));
    const rounds = context.quick ? { rounds: 3 } : { rounds: 25, warmups: 5 };
    return interleave(this, "µs", timeOperations(subjects, "µs", 10), rounds, context);
  },
};

export const wireBytes: Suite = {
  ...wire,
  case: "bytes-per-sample",
  title: "Bytes of a sample on the way",
  about: "Of all speech of the suites, without compression; each value is that of one message.",
  run({ speech, progress }) {
    const messages = speechMessages(speech);
    return Promise.all(
      SPEECH_TEXTS.map(async ({ name, open }, i) => {
        const { encode, close } = await open();
        const sizes = messages.map((message) => encode(message).length / MESSAGE_SAMPLES);
        close?.();
        await progress(i + 1, SPEECH_TEXTS.length);
        return summarize(this, name, "bytes", sizes, 1);
      }),
    );
  },
};

export const wireGarbage: Suite = {
  ...wire,
  case: "garbage",
  title: "JavaScript garbage of a message",
  about: "4096 samples each, the text itself included: growth of the JavaScript heap.",
  run(context) {
    const messages = speechMessages(context.speech);
    const options = context.quick ? { rounds: 5, warmups: 8 } : { rounds: 21, warmups: 20 };
    return measureGarbage(
      this,
      SPEECH_TEXTS.map((text) => load(text, messages)),
      options,
      context,
    );
  },
};
