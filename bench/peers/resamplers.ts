/** Who converts sample rates in JavaScript and WebAssembly, each called the way its users call it. */
import type LibAV from "@libav.js/variant-default";
// By its path and not by its name, which tsx in Node looks up among the types of tsconfig.json.
import { type AudioModule, loadAudio, Resampler } from "../../dist/index.js";
import {
  type Conversion,
  NOTHING,
  type Rates,
  type ResamplerContender,
  wholeClip,
} from "../resampler/conversion.js";

/** Samples of the largest block that a contender with buffers of its own takes at once. */
const BLOCK_MAX = 4096;

/** Calls `convert` for pieces that fit a contender's buffers; most blocks are one, and are not copied. */
function inPieces(
  input: Float32Array,
  convert: (piece: Float32Array) => Float32Array,
): Float32Array {
  if (input.length <= BLOCK_MAX) return convert(input);
  const parts: number[] = [];
  for (let at = 0; at < input.length; at += BLOCK_MAX)
    for (const sample of convert(input.subarray(at, at + BLOCK_MAX))) parts.push(sample);
  return Float32Array.from(parts);
}

/** Room for what one block gives. */
const outputRoom = ({ inputHz, outputHz }: Rates): number =>
  Math.ceil((BLOCK_MAX * outputHz) / inputHz) + 16;

// ---- voicepath

export type VoicepathMode = "balanced" | "best" | "ultra" | "lowlatency" | "offline";

let audio: Promise<AudioModule> | undefined;

function openAudio(): Promise<AudioModule> {
  audio ??= loadAudio();
  return audio;
}

async function openResampler({ inputHz, outputHz }: Rates, mode: VoicepathMode) {
  const options = { inputRateHz: inputHz, outputRateHz: outputHz, mode };
  return Resampler.create(await openAudio(), options);
}

async function openStream(rates: Rates, mode: VoicepathMode): Promise<Conversion> {
  const resampler = await openResampler(rates, mode);
  const room = new Float32Array(outputRoom(rates));
  const convert = (piece: Float32Array): Float32Array =>
    room.subarray(0, resampler.processInto(piece, room));
  return {
    push: (input) => inPieces(input, convert),
    feed: (input) => resampler.processInto(input, room),
    end: () => resampler.flush(),
    dispose: () => resampler.dispose(),
  };
}

/** A clip at a time. */
export const voicepathClips = (mode: VoicepathMode): ResamplerContender => ({
  name: `voicepath ${mode}`,
  whole: true,
  async open(rates) {
    const resampler = await openResampler(rates, mode);
    return {
      ...wholeClip((clip) => resampler.convert(clip)),
      dispose: () => resampler.dispose(),
    };
  },
});

/** Live, but for the mode that is made for clips. */
export const voicepath = (mode: VoicepathMode): ResamplerContender =>
  mode === "offline"
    ? voicepathClips(mode)
    : { name: `voicepath ${mode}`, open: (rates) => openStream(rates, mode) };

// ---- libsamplerate

type LibsamplerateQuality = "best" | "medium";

async function openLibsamplerate(quality: LibsamplerateQuality, rates: Rates): Promise<Conversion> {
  const module = await import("@alexanderolsen/libsamplerate-js");
  // Node gives a CommonJS module's exports as the default, bundlers by their names.
  const { create, ConverterType } =
    "default" in module ? (module.default as typeof module) : module;
  const { SRC_SINC_BEST_QUALITY, SRC_SINC_MEDIUM_QUALITY } = ConverterType;
  const converterType = quality === "best" ? SRC_SINC_BEST_QUALITY : SRC_SINC_MEDIUM_QUALITY;
  const src = await create(1, rates.inputHz, rates.outputHz, { converterType });
  const room = new Float32Array(outputRoom(rates));
  const given = { frames: 0 };
  return {
    push: (input) =>
      inPieces(input, (piece) => {
        src.full(piece, room, given);
        return room.subarray(0, given.frames);
      }),
    feed(input) {
      src.full(input, room, given);
      return given.frames;
    },
    // It has no flush: what it holds back is lost.
    end: () => NOTHING,
    dispose: () => src.destroy(),
  };
}

export const libsamplerate = (quality: LibsamplerateQuality): ResamplerContender => ({
  name: `@alexanderolsen/libsamplerate-js ${quality}`,
  open: (rates) => openLibsamplerate(quality, rates),
});

// ---- speex

type SpeexModule = Awaited<
  ReturnType<typeof import("@echogarden/speex-resampler-wasm/simd").default>
>;

let speexModule: Promise<SpeexModule> | undefined;

function loadSpeex(): Promise<SpeexModule> {
  speexModule ??= import("@echogarden/speex-resampler-wasm/simd").then(({ default: load }) =>
    load(),
  );
  return speexModule;
}

async function openSpeex(quality: number, rates: Rates): Promise<Conversion> {
  const speex = await loadSpeex();
  const room = outputRoom(rates);
  const input = speex._malloc(4 * (BLOCK_MAX + room + 3));
  const output = input + 4 * BLOCK_MAX;
  const inputLength = output + 4 * room;
  const outputLength = inputLength + 4;
  const error = outputLength + 4;
  const state = speex._speex_resampler_init(1, rates.inputHz, rates.outputHz, quality, error);
  if (state === 0) throw new Error(`speex refuses quality ${quality}: ${speex.HEAP32[error >> 2]}`);
  const feed = (piece: Float32Array): number => {
    speex.HEAPF32.set(piece, input >> 2);
    speex.HEAPU32[inputLength >> 2] = piece.length;
    speex.HEAPU32[outputLength >> 2] = room;
    speex._speex_resampler_process_float(state, 0, input, inputLength, output, outputLength);
    return speex.HEAPU32[outputLength >> 2] ?? 0;
  };
  const from = output >> 2;
  return {
    push: (samples) =>
      inPieces(samples, (piece) => {
        const count = feed(piece);
        return speex.HEAPF32.subarray(from, from + count);
      }),
    feed,
    // It has no flush either; who wants the tail pushes silence and counts.
    end: () => NOTHING,
    dispose() {
      speex._speex_resampler_destroy(state);
      speex._free(input);
    },
  };
}

export const speex = (quality: number): ResamplerContender => ({
  name: `@echogarden/speex-resampler-wasm q${quality}`,
  open: (rates) => openSpeex(quality, rates),
});

// ---- libav.js

type SyncLibAV = LibAV.LibAV & LibAV.LibAVSync;

/** Where a page and its workers find libav.js's files; in Node they lie beside the package. */
export const LIBAV_FILES = "/libav";
/** Mono, in FFmpeg's masks. */
const FRONT_CENTER = 4;
/** By default its band ends lower (0.955 fN) and more is folded into it (-108 dB beyond 1.09 fN). */
const LIBAV_FILTER = "filter_size=256:cutoff=0.985:kaiser_beta=12";

let libavModule: Promise<SyncLibAV> | undefined;

function loadLibav(): Promise<SyncLibAV> {
  libavModule ??= import("@libav.js/variant-default").then(({ default: library }) => {
    if (typeof location !== "undefined") library.base = LIBAV_FILES;
    return library.LibAV({ noworker: true });
  });
  return libavModule;
}

/** swresample has no door of its own there: it is the filter `aresample`, between a source and a sink. */
async function openLibav({ inputHz, outputHz }: Rates): Promise<Conversion> {
  const av = await loadLibav();
  const format = {
    type: av.AVMEDIA_TYPE_AUDIO,
    sample_fmt: av.AV_SAMPLE_FMT_FLT,
    channel_layout: FRONT_CENTER,
  };
  const [graph, source, sink] = av.ff_init_filter_graph_sync(
    `aresample=${outputHz}:${LIBAV_FILTER}`,
    { ...format, sample_rate: inputHz },
    { ...format, sample_rate: outputHz },
  );
  const frame = av.av_frame_alloc_sync();
  let pts = 0;
  const filter = (samples: Float32Array, fin: boolean): Float32Array => {
    const block = {
      data: samples,
      format: av.AV_SAMPLE_FMT_FLT,
      channel_layout: FRONT_CENTER,
      channels: 1,
      sample_rate: inputHz,
      nb_samples: samples.length,
      pts,
    };
    pts += samples.length;
    const frames = av.ff_filter_multi_sync(source, sink, frame, fin ? [] : [block], fin);
    const [first] = frames;
    if (!first) return NOTHING;
    if (frames.length === 1) return first.data as Float32Array;
    return Float32Array.from(frames.flatMap(({ data }) => [...(data as Float32Array)]));
  };
  return {
    push: (input) => filter(input, false),
    end: () => filter(NOTHING, true),
    dispose() {
      av.av_frame_free_js_sync(frame);
      av.avfilter_graph_free_js_sync(graph);
    },
  };
}

export const libav: ResamplerContender = {
  name: "@libav.js/variant-default filter_size=256",
  open: openLibav,
};

// ---- wave-resampler

export const waveResampler: ResamplerContender = {
  name: "wave-resampler cubic",
  whole: true,
  async open({ inputHz, outputHz }) {
    const { resample } = await import("wave-resampler");
    return wholeClip((clip) =>
      Float32Array.from(resample(clip, inputHz, outputHz, { method: "cubic" })),
    );
  },
};

// ---- vad-web

const VAD_RATE_HZ = 16000;
/** Of Silero v5 and v6. */
const VAD_FRAME_SAMPLES = 512;

/** It gives frames of 512 samples, and drops the last that is not full. */
export const vadWebResampler: ResamplerContender = {
  name: "@ricky0123/vad-web",
  cannot: ({ inputHz, outputHz }) =>
    outputHz === VAD_RATE_HZ && inputHz >= VAD_RATE_HZ ? undefined : "only down to 16 kHz",
  async open({ inputHz, outputHz }) {
    const module = await import("@ricky0123/vad-web/dist/resampler");
    const { Resampler: VadWebResampler } =
      "default" in module ? (module.default as typeof module) : module;
    const resampler = new VadWebResampler({
      nativeSampleRate: inputHz,
      targetSampleRate: outputHz,
      targetFrameSize: VAD_FRAME_SAMPLES,
    });
    return {
      push(input) {
        const frames = resampler.process(input);
        const [first] = frames;
        if (!first) return NOTHING;
        return frames.length === 1
          ? first
          : Float32Array.from(frames.flatMap((frame) => [...frame]));
      },
      end: () => NOTHING,
    };
  },
};

/** All of these in Node and in the page. */
export const RESAMPLERS: readonly ResamplerContender[] = [
  voicepath("balanced"),
  voicepath("best"),
  voicepath("ultra"),
  voicepath("lowlatency"),
  voicepath("offline"),
  libsamplerate("best"),
  libsamplerate("medium"),
  speex(10),
  speex(7),
  speex(5),
  libav,
  vadWebResampler,
  waveResampler,
];
