/** How the characters look. */

export interface Look {
  readonly hair: readonly [top: string, bottom: string];
  readonly backHair: readonly [top: string, bottom: string];
  readonly skin: readonly [top: string, bottom: string];
  readonly iris: readonly [top: string, bottom: string];
  readonly cloth: readonly [top: string, bottom: string];
  readonly ink: string;
  readonly blush: string;
  readonly jewel: string;
  readonly glow: string;
  readonly isLongHaired: boolean;
}

const LUNA: Look = {
  hair: ["#6f74d8", "#454a9e"],
  backHair: ["#3f4390", "#7d83e0"],
  skin: ["#fff1e8", "#fbd9cc"],
  iris: ["#3a2f86", "#8f8bff"],
  cloth: ["#eef0ff", "#b9bfee"],
  ink: "#2c2852",
  blush: "#ff8fa6",
  jewel: "#ffe08a",
  glow: "#b7b9ff",
  isLongHaired: true,
};

const SOL: Look = {
  hair: ["#ffb35c", "#e5713f"],
  backHair: ["#d95f38", "#b9462f"],
  skin: ["#ffe9d4", "#f6c7a4"],
  iris: ["#0d5a58", "#4fd0b4"],
  cloth: ["#2f7f86", "#1c5560"],
  ink: "#57271c",
  blush: "#ff7d5f",
  jewel: "#fff0b0",
  glow: "#ffd9a0",
  isLongHaired: false,
};

/** A model that is not known here looks like Luna. */
export const lookOf = (model: string): Look => (model.startsWith("sol") ? SOL : LUNA);
