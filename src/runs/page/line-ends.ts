/** Line ends of a text that a field of the page was given: the field tells it back with `\n` alone, and the file must not lose its own. */

const anyEnd = /\r\n|\n|\r/;

/** As a field shows it. */
export function asShown(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/** `shown`, edited in a field that held `before`, with the line ends of `before`; a new line has the end that most have. */
export function withLineEnds(before: string, shown: string): string {
  const [old, lines] = [before.split(anyEnd), shown.split("\n")];
  const ends = before.match(new RegExp(anyEnd, "g")) ?? [];
  const usual = usualOf(ends);
  const isSame = old.length === lines.length;
  let first = 0;
  while (first < Math.min(old.length, lines.length) && old[first] === lines[first]) first += 1;
  let last = 0;
  while (last < Math.min(old.length, lines.length) - first && old.at(-1 - last) === lines.at(-1 - last)) last += 1;
  const endOf = (at: number): string | undefined => {
    if (isSame || at < first) return ends[at];
    return at >= lines.length - last ? ends[at - lines.length + old.length] : usual;
  };
  let text = "";
  lines.forEach((line, at) => {
    const end = at === lines.length - 1 ? "" : (endOf(at) ?? usual);
    // of two ends that met since what stood between them is gone, none becomes part of the other
    const isTorn = line === "" && end === "\n" && text.endsWith("\r");
    text += line + (isTorn ? "\r" : end);
  });
  return text;
}

function usualOf(ends: readonly string[]): string {
  const counts = ["\n", "\r\n", "\r"].map((end) => ({ end, count: ends.filter((each) => each === end).length }));
  return counts.reduce((one, other) => (other.count > one.count ? other : one)).end;
}
