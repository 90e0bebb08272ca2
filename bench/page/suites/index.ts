/** All suites, in the order they run and are shown. A new one is one file and one line here. */
import { connectionDeadLink } from "./connection-dead-link";
import { connectionDownload } from "./connection-download";
import { connectionLostMessages } from "./connection-lost-messages";
import { connectionRestart } from "./connection-restart";
import { connectionResumeOnline } from "./connection-resume-online";
import { monitorCost } from "./monitor-cost";
import { monitorGarbageFrame } from "./monitor-garbage";
import { monitorRecord } from "./monitor-record";
import { monitorTrend } from "./monitor-trend";
import { ortAgreement } from "./ort-agreement";
import { ortBytesPerRun } from "./ort-bytes-per-run";
import { ortProgramBytes } from "./ort-program-bytes";
import { ortSileroFrame } from "./ort-silero-frame";
import { ortSqueezenetCall } from "./ort-squeezenet-call";
import { registryDispose100k } from "./registry-dispose-100k";
import { registryDownload } from "./registry-download";
import {
  registryGarbageStats,
  registryGarbageTick,
  registryGarbageTimer,
} from "./registry-garbage";
import { registryNativeTimers } from "./registry-native-timers";
import { registryOpenClose } from "./registry-open-close";
import { registryStats100k } from "./registry-stats-100k";
import { registryTimer, registryTimer100k } from "./registry-timer";
import { resamplerBlocks } from "./resampler-blocks";
import { resamplerBytesPerBlock } from "./resampler-bytes-per-block";
import { resamplerDownload } from "./resampler-download";
import { resamplerWholeClip } from "./resampler-whole-clip";
import { subtitleConformance } from "./subtitle-conformance";
import { subtitleDownload } from "./subtitle-download";
import { subtitleDisplay, subtitleInterrupt } from "./subtitle-frames";
import { subtitleGarbageFrame } from "./subtitle-garbage";
import { subtitleLayouts } from "./subtitle-layouts";
import { subtitleMoved } from "./subtitle-moved";
import { subtitlePush, subtitlePushJs } from "./subtitle-push";
import { subtitleRevealStep } from "./subtitle-reveal-step";
import { subtitleTickHot, subtitleTickReveal } from "./subtitle-tick";
import { subtitleTiming } from "./subtitle-timing";
import type { Suite } from "./suite";
import { vadBytesPerFrame, vadBytesPerFrame48k } from "./vad-bytes-per-frame";
import { vadColdStart } from "./vad-cold-start";
import { vadDownloadBrotli } from "./vad-download-brotli";
import { vadFrame } from "./vad-frame";
import { vadFrameCold } from "./vad-frame-cold";
import { vadMainThread } from "./vad-main-thread";
import { vadMic48k } from "./vad-mic-48k";
import { wireDecode } from "./wire-decode";
import { wireBytes, wireEncode, wireGarbage } from "./wire-encode";

export const SUITES: readonly Suite[] = [
  vadFrame,
  vadFrameCold,
  vadMic48k,
  vadColdStart,
  vadDownloadBrotli,
  vadBytesPerFrame,
  vadBytesPerFrame48k,
  vadMainThread,
  ...resamplerBlocks,
  resamplerWholeClip,
  resamplerBytesPerBlock,
  resamplerDownload,
  wireEncode,
  wireBytes,
  wireGarbage,
  wireDecode,
  ortSileroFrame,
  ortSqueezenetCall,
  ortAgreement,
  ortBytesPerRun,
  ortProgramBytes,
  registryTimer,
  registryTimer100k,
  registryOpenClose,
  registryStats100k,
  registryDispose100k,
  registryGarbageTick,
  registryGarbageTimer,
  registryGarbageStats,
  registryNativeTimers,
  registryDownload,
  connectionResumeOnline,
  connectionDeadLink,
  connectionRestart,
  connectionLostMessages,
  connectionDownload,
  monitorCost,
  monitorGarbageFrame,
  monitorRecord,
  monitorTrend,
  ...subtitleConformance,
  subtitlePush,
  subtitlePushJs,
  subtitleTickHot,
  subtitleTickReveal,
  subtitleGarbageFrame,
  subtitleRevealStep,
  subtitleMoved,
  subtitleLayouts,
  subtitleInterrupt,
  subtitleDisplay,
  ...subtitleTiming,
  subtitleDownload,
];

export const suiteId = ({ suite, case: name }: Pick<Suite, "suite" | "case">): string =>
  `${suite}/${name}`;
