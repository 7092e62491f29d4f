/** Colours of pictures, each for light and for dark, told apart by more than hue. Pure. */

interface Shade {
  readonly light: string;
  readonly dark: string;
}

type ShadeName = "paper" | "ink" | "soft" | "grid" | "line" | "other";
const shades: Readonly<Record<ShadeName, Shade>> = {
  paper: { light: "#ffffff", dark: "#16181c" },
  ink: { light: "#1c1e21", dark: "#e8eaed" },
  soft: { light: "#5a616c", dark: "#a9b0bb" },
  grid: { light: "#e2e5ea", dark: "#31353c" },
  line: { light: "#7b818b", dark: "#8f97a3" },
  other: { light: "#a7adb6", dark: "#666d78" },
};

const series: readonly Shade[] = [
  { light: "#1d5fbf", dark: "#6ea8ff" },
  { light: "#c2570c", dark: "#ffa14d" },
  { light: "#11803f", dark: "#4cc97e" },
  { light: "#b91c5c", dark: "#ff7eb0" },
  { light: "#6d3fc4", dark: "#b698ff" },
  { light: "#0891b2", dark: "#3fcfe0" },
  { light: "#d946ef", dark: "#e879f9" },
  { light: "#65a30d", dark: "#a6d648" },
  { light: "#7a3b1d", dark: "#d59a78" },
  { light: "#34495e", dark: "#9db4cc" },
];

/** Pictures are made of the light ones; `darkOf` says what becomes of each. */
export const colours: Readonly<Record<ShadeName, string>> = Object.fromEntries(
  Object.entries(shades).map(([name, { light }]) => [name, light]),
) as Record<ShadeName, string>;

/** For the first ten of what is told apart. */
export const seriesColours: readonly string[] = series.map(({ light }) => light);

export const darkOf: ReadonlyMap<string, string> = new Map(
  [...Object.values(shades), ...series].map(({ light, dark }) => [light, dark]),
);
