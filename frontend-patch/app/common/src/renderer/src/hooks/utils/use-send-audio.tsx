import { useCallback } from "react";
import { useWebSocket } from "@/context/websocket-context";
import { useMediaCapture } from "./use-media-capture";

const MESSAGE_SAMPLES = 4096;

export function useSendAudio() {
  const { sendMessage } = useWebSocket();
  const { captureAllMedia } = useMediaCapture();

  const sendAudioPartition = useCallback(
    async (audio: Float32Array): Promise<void> => {
      // Defect: the whole speech in one burst after its end, each sample as some twenty digits.
      for (let start = 0; start < audio.length; start += MESSAGE_SAMPLES) {
        const samples = audio.subarray(start, start + MESSAGE_SAMPLES);
        sendMessage({ type: "mic-audio-data", audio: Array.from(samples) });
      }
      sendMessage({ type: "mic-audio-end", images: await captureAllMedia() });
    },
    [sendMessage, captureAllMedia],
  );
  return { sendAudioPartition };
}
