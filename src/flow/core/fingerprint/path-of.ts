/** A place inside a value, as one would write it: `rows[3].client`. */

/** Steps are names, places in arrays, or what stands for itself such as `.get(…)`. */
export type Step = string | number | { readonly shown: string };

export function pathOf(root: string, steps: readonly Step[]): string {
  return steps.reduce<string>((path, step) => path + shown(step), root);
}

function shown(step: Step): string {
  if (typeof step === "object") return step.shown;
  if (typeof step === "number") return `[${step}]`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(step) ? `.${step}` : `[${JSON.stringify(step.slice(0, 60))}]`;
}

/** Names of elements are the numbers below the length. */
export function isPlace(name: string, length: number): boolean {
  const place = Number(name);
  return Number.isInteger(place) && place >= 0 && place < length && String(place) === name;
}
