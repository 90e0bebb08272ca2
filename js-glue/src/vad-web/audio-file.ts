/** Decoding happens at this rate, as in vad-web. */
const DECODED_RATE_HZ = 44100;

/**
 * The samples of an audio file that the browser can decode. Channels are added up, as in vad-web.
 *
 * @throws the browser's EncodingError when it cannot
 */
export async function audioFileToArray(
  audioFileData: Blob,
): Promise<{ audio: Float32Array; sampleRate: number }> {
  const context = new OfflineAudioContext(1, 1, DECODED_RATE_HZ);
  const decoded = await context.decodeAudioData(await audioFileData.arrayBuffer());
  const audio = new Float32Array(decoded.length);
  for (let channel = 0; channel < decoded.numberOfChannels; channel++) {
    const samples = decoded.getChannelData(channel);
    for (let i = 0; i < audio.length; i++) audio[i] = (audio[i] ?? 0) + (samples[i] ?? 0);
  }
  return { audio, sampleRate: decoded.sampleRate };
}
