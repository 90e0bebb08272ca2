/** Pictures that go with what is said. This app watches neither a camera nor a screen. */

interface Picture {
  source: "camera" | "screen";
  data: string;
  mime_type: string;
}

const captureAllMedia = async (): Promise<Picture[]> => [];

export function useMediaCapture() {
  return { captureAllMedia };
}
