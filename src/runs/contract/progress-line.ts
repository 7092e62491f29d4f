/** How a program of any language tells on its stdout how far it is: `::progress 0.25 a message`, in a line of its own. */

const pattern = /^::progress[ \t]+(\d+(?:\.\d*)?|\.\d+)(%?)(?:[ \t]+(.*))?$/;

/** RangeError for a fraction that is not from 0 to 1. */
export function progressLine(fraction: number, message = ""): string {
  if (typeof fraction !== "number" || !(fraction >= 0 && fraction <= 1))
    throw new RangeError("The fraction of a progress is a number from 0 to 1");
  const text = message.replace(/\s+/g, " ").trim();
  return `::progress ${Number(fraction.toFixed(6))}${text === "" ? "" : ` ${text}`}`;
}

/** What a line of a program tells; `undefined` for one that is a line like any other. Also `::progress 25% …`. */
export function parseProgressLine(line: string): { readonly fraction: number; readonly message: string } | undefined {
  const [, number, percent, message = ""] = pattern.exec(line.trimEnd()) ?? [];
  if (number === undefined) return undefined;
  const fraction = Number(number) / (percent === "%" ? 100 : 1);
  return fraction >= 0 && fraction <= 1 ? { fraction, message: message.trim() } : undefined;
}
