/**
 * A mark for names that a disk takes for one: a folder beside a file of its name, twins that differ only in case. It goes on top
 * of `escapeName`, whose names never hold it, and comes off again without a list of what was marked.
 */
const quote = "\u201b";
const longestName = 255;
const mark = new RegExp(`(^|/)${quote}~[1-9][0-9]*~/?`, "g");

/** The `count`-th other name for one segment of a path: `‛~1~data.csv`. One that gets too long lies in a folder of that mark. */
export function markName(segment: string, count: number): string {
  const own = `${quote}~${count}~`;
  return Buffer.byteLength(own + segment) <= longestName ? own + segment : `${own}/${segment}`;
}

/** The path that `escapeName` gave. */
export function withoutMarks(path: string): string {
  return path.includes(quote) ? path.replaceAll(mark, "$1") : path;
}
