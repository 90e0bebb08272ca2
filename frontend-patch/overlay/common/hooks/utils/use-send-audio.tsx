import { useCallback, useRef, useState } from "react";
import { useWebSocket } from "@/context/websocket-context";
import { useMediaCapture } from "@/hooks/utils/use-media-capture";
import { takesPCM16, textSender } from "@/voicepath/outgoing";
import { SpeechSender } from "@/voicepath/speech-sender";
import { openedWire } from "@/voicepath/wire";

/** How speech gets to the server: all of it at once, or part by part while it is spoken. */
export function useSendAudio() {
  const { sendMessage } = useWebSocket();
  const { captureAllMedia } = useMediaCapture();
  const latest = useRef({ sendMessage, captureAllMedia });
  latest.current = { sendMessage, captureAllMedia };

  const [speech] = useState(
    () =>
      new SpeechSender({
        sendMessage: (message) => latest.current.sendMessage(message),
        sendText: textSender,
        encode: () => {
          const wire = openedWire();
          if (!wire) return undefined;
          if (takesPCM16()) return (samples) => `"${wire.encodePCM16(samples)}"`;
          return (samples) => wire.encodeFloatList(samples);
        },
        captureImages: () => latest.current.captureAllMedia(),
      }),
  );

  const sendAudioPartition = useCallback(
    async (audio: Float32Array): Promise<void> => {
      speech.part(audio);
      await speech.end();
    },
    [speech],
  );

  return { sendAudioPartition, speech };
}
