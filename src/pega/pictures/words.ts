/** Names of whoever wrote the models, as a picture shows them: on one line, without what turns or hides text, and not too long. Pure. */

/** Control characters are no XML, and what reorders text would make one name look like another. */
export function shownName(value: unknown, longest = 200): string {
  const text = value === null || value === undefined || value === "" ? "(none)" : String(value);
  const line = text
    .replaceAll(/\p{Cs}/gu, "\ufffd")
    .replaceAll(/[\t\n\r\u2028\u2029]+/g, " ")
    .replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, "\ufffd");
  const shown = cutInside(line, longest);
  // echarts keeps texts as keys of plain objects: of `__proto__` it would change what all objects are made of
  return shown in {} ? `${shown}\u2060` : shown;
}

/** Cut in the middle: names of predictors begin alike, and differ at their ends. */
export function cutInside(text: string, longest: number): string {
  const characters = Array.from(text);
  if (characters.length <= longest) return text;
  const end = Math.floor((longest - 1) * 0.55);
  return `${characters.slice(0, longest - 1 - end).join("")}…${characters.slice(-end).join("")}`;
}

/** Cut at its end. */
export function cutEnd(text: string, longest: number): string {
  const characters = Array.from(text);
  return characters.length <= longest ? text : `${characters.slice(0, Math.max(1, longest - 1)).join("")}…`;
}

/** In lines of words, each as long as fits; what is more than `most` lines is cut at the end of the last. */
export function wrapped(text: string, longest: number, most: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (lines.length < most - 1 && Array.from(rest).length > longest) {
    const head = Array.from(rest)
      .slice(0, longest + 1)
      .join("");
    const space = head.lastIndexOf(" ");
    const at = space <= 0 ? Array.from(rest).slice(0, longest).join("").length : space;
    lines.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return [...lines, cutEnd(rest, longest)];
}

/** Text that stands as it is where echarts would fill in `{b}`. */
export function asLabel(text: string): string {
  return text.replaceAll("{", "{\u2060");
}

/** Text in XML and HTML, also within quotes. */
export function markup(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** `1,234`, `12.3`. */
export function shownNumber(value: number, digits = 0): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** `1 model`, `1,000 models`. */
export function counted(count: number, what: string): string {
  return `${shownNumber(count)} ${what}${count === 1 ? "" : "s"}`;
}
