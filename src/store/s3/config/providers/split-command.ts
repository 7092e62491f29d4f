/** A command line as words, by the rules of a POSIX shell for quotes and backslashes, and by none of its others: nothing is expanded. */

/** `undefined` when a quote is not closed or a backslash ends it. */
export function splitCommand(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? "";
    const next = line[at + 1];
    if (quote !== "" && character === quote) quote = "";
    else if (character === "\\" && quote !== "'") {
      if (next === undefined) return undefined;
      // Within double quotes a backslash stands for itself before anything but these.
      const escapes = quote === "" || next === '"' || next === "\\";
      word = `${word ?? ""}${escapes ? "" : "\\"}${next}`;
      at++;
    } else if (quote !== "") word = `${word ?? ""}${character}`;
    else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (/[ \t\r\n]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = `${word ?? ""}${character}`;
  }
  if (quote !== "") return undefined;
  if (word !== undefined) words.push(word);
  return words;
}
