/** Which of a node's variants stands for it under a configuration: exactly one of `when`, else the one of `otherwise`. */

export interface Variant {
  readonly exported: string;
  readonly module: string;
  readonly value: unknown;
  readonly condition: Readonly<Record<string, unknown>> | "otherwise";
}

type Found =
  | { readonly chosen: Variant; readonly problem?: undefined }
  | { readonly chosen?: undefined; readonly problem: string };

/** The variant, or why there is none, naming what would choose one. Throws TypeError where two fit. */
export function variantFor(
  name: string,
  variants: readonly Variant[],
  config: Readonly<Record<string, unknown>>,
): Found {
  const fitting = variants.filter(({ condition }) => condition !== "otherwise" && fits(condition, config));
  const others = variants.filter(({ condition }) => condition === "otherwise");
  const chosen = fitting.length > 0 ? fitting : others;
  if (chosen.length > 1)
    throw new TypeError(
      `'${name}' has two variants that fit: ${chosen.map(({ exported }) => exported).join(" and ")}; make their conditions exclude each other`,
    );
  const [only] = chosen;
  if (only !== undefined) return { chosen: only };
  const wanted = variants.map(({ exported, condition }) => `${exported} with ${shownCondition(condition)}`);
  const keys = [
    ...new Set(variants.flatMap(({ condition }) => (condition === "otherwise" ? [] : Object.keys(condition)))),
  ];
  const now = shownCondition(Object.fromEntries(keys.map((key) => [key, config[key]])));
  return { problem: `'${name}' has no variant for this configuration (${now}): there is ${wanted.join(", ")}` };
}

function fits(condition: Readonly<Record<string, unknown>>, config: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(condition).every(([key, value]) => config[key] === value);
}

function shownCondition(condition: Variant["condition"]): string {
  if (condition === "otherwise") return "otherwise";
  return Object.entries(condition)
    .map(([key, value]) => `${key}: ${value === undefined ? "not set" : JSON.stringify(value)}`)
    .join(", ");
}
