import { useEffect, useRef } from "react";

interface PictureProps {
  /** Null while there is none. */
  readonly image: ImageData | null;
  readonly label: string;
}

/** Pixels on a canvas, in a frame whose size does not change. */
export function Picture({ image, label }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    if (!canvas.current || !image) return;
    canvas.current.width = image.width;
    canvas.current.height = image.height;
    canvas.current.getContext("2d")?.putImageData(image, 0, 0);
  }, [image]);

  return (
    <figure className="framed">
      {image ? (
        <canvas ref={canvas} role="img" aria-label={label} />
      ) : (
        <span className="pending">…</span>
      )}
      <figcaption>{label}</figcaption>
    </figure>
  );
}
