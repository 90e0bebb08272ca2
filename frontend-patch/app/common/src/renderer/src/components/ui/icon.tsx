/** Line drawings on a grid of 24. */

const PATHS = {
  mic: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM6 11a6 6 0 0 0 12 0M12 17v4M9 21h6",
  stop: "M8 8h8v8H8z",
  send: "M5 12h13M12.5 6l6 6-6 6",
  settings: "M5 7h8M17 7h2M5 17h2M11 17h8M15 5v4M9 15v4",
  history: "M4 12a8 8 0 1 0 2.5-5.8M4 4v4h4M12 8v4.5l3 2",
  add: "M12 6v12M6 12h12",
  close: "M7 7l10 10M17 7 7 17",
  trash: "M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12",
} as const;

interface IconProps {
  readonly name: keyof typeof PATHS;
}

export const Icon = ({ name }: IconProps) => (
  <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
);
