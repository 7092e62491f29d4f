/** Why a text is not the JSON that is wanted, told before it is sent. */

/** `undefined` for JSON of any kind. */
export function jsonMistake(text: string): string | undefined {
  const why = whyNoJson(text);
  return why === undefined ? undefined : `This is no JSON yet: ${why}`;
}

/** `undefined` for what the options of a run may be. */
export function optionsMistake(text: string): string | undefined {
  const why = whyNoJson(text);
  if (why !== undefined) return `Options: not JSON: ${why}`;
  const value: unknown = JSON.parse(text);
  if (Array.isArray(value)) return "Options are an object, {…}, not a list";
  return typeof value === "object" && value !== null ? undefined : `Options are an object, {…}, not ${text.trim()}`;
}

/** With line and column, counted from 1, where the browser says where it is. */
function whyNoJson(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const at = /at position (\d+)/.exec(why)?.[1];
    if (/line \d+/.test(why)) return why;
    if (at === undefined) return /end of/.test(why) ? `${why}, ${placeIn(text, text.length)}` : why;
    return `${why}, ${placeIn(text, Number(at))}`;
  }
}

function placeIn(text: string, at: number): string {
  const lines = text.slice(0, at).split("\n");
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
