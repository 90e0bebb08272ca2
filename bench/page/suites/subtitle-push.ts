import {
  type ChunkReader,
  CSS_LINE_BREAK_LINES,
  INTL_CLUSTERS,
  JS_CLUSTERS,
  JS_FOUR_KINDS,
  LINEBREAK_LINES,
  PUSH_ALONE,
  PUSH_AND_TICK,
  SEGMENTER_ALONE,
  UNICODE_SEGMENTER_CLUSTERS,
} from "../../peers/chunk-readers";
import { type Operations, timeOperations } from "./operations";
import { interleave } from "./rounds";
import { streamedChunks } from "./subtitle-text";
import type { Row, RunContext, Suite } from "./suite";

const CHUNKS = streamedChunks();

function readChunks({ name, batch, open }: ChunkReader): Operations {
  return {
    name,
    batch,
    async open() {
      const reader = await open();
      let at = 0;
      let sum = 0;
      return {
        run(count) {
          for (let i = 0; i < count; i++) {
            sum += reader.read(CHUNKS[at] ?? "");
            at = at + 1 === CHUNKS.length ? 0 : at + 1;
          }
        },
        close() {
          reader.close?.();
          if (sum === 0) throw new Error(`${name} found nothing`);
        },
      };
    },
  };
}

function time(suite: Suite, readers: readonly ChunkReader[], context: RunContext): Promise<Row[]> {
  const contenders = timeOperations(readers.map(readChunks), "ns", 20);
  const rounds = context.quick ? { rounds: 3 } : { rounds: 25, warmups: 5 };
  return interleave(suite, "ns", contenders, rounds, context);
}

export const subtitlePush: Suite = {
  suite: "subtitle",
  case: "push",
  peer: INTL_CLUSTERS.name,
  title: "A chunk of 30 UTF-16 units",
  about:
    "Of a stream in five scripts with emoji and tags. voicepath does everything that there is to " +
    "do: tags, clusters, words, sentences, line breaks, cues, widths, and the tick that lays the " +
    "page out; each peer finds boundaries of one kind, in the chunk alone.",
  run(context) {
    const readers = [
      PUSH_AND_TICK,
      PUSH_ALONE,
      INTL_CLUSTERS,
      UNICODE_SEGMENTER_CLUSTERS,
      LINEBREAK_LINES,
      CSS_LINE_BREAK_LINES,
      JS_CLUSTERS,
    ];
    return time(this, readers, context);
  },
};

export const subtitlePushJs: Suite = {
  suite: "subtitle",
  case: "push-js",
  peer: JS_FOUR_KINDS.name,
  title: "The same beside careful JavaScript",
  about:
    "The peer has the same automata and the same trie in typed arrays, and finds all four kinds of " +
    "boundaries across chunks. The C segmenter does that alone, with each unit copied into its " +
    "heap, and then everything else as well.",
  run(context) {
    return time(this, [PUSH_AND_TICK, SEGMENTER_ALONE, JS_FOUR_KINDS], context);
  },
};
