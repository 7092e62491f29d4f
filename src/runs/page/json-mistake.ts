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

/** With line and column, counted from 1: not every browser says where it is. */
function whyNoJson(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    const at = stopOf(text);
    const lines = text.slice(0, at).split("\n");
    const [found] = text.slice(at);
    const what = found === undefined ? "it ends too soon" : `${JSON.stringify(found)} is not expected there`;
    return `${what}, line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
  }
}

const token =
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-]))/uy;

/** Where a text, read from its beginning, stops being JSON. */
function stopOf(text: string): number {
  const open: string[] = [];
  let wanted: "value" | "value or ]" | "key" | "key or }" | "colon" | "next" = "value";
  token.lastIndex = 0;
  for (let at = startOf(text, 0); at < text.length; at = startOf(text, token.lastIndex)) {
    token.lastIndex = at;
    const found = token.exec(text);
    if (found === null) return at;
    const [, mark, quoted] = found;
    const closes = open.at(-1) === "{" ? "}" : "]";
    if (wanted === "colon") {
      if (mark !== ":") return at;
      wanted = "value";
    } else if (mark === closes && open.length > 0 && (wanted === "next" || wanted.endsWith(`or ${closes}`))) {
      open.pop();
      wanted = "next";
    } else if (wanted === "next") {
      if (mark !== "," || open.length === 0) return at;
      wanted = closes === "}" ? "key" : "value";
    } else if (wanted.startsWith("key")) {
      if (quoted === undefined) return at;
      wanted = "colon";
    } else if (mark === "{" || mark === "[") {
      open.push(mark);
      wanted = mark === "{" ? "key or }" : "value or ]";
    } else if (mark === undefined) wanted = "next";
    else return at;
  }
  return text.length;
}

function startOf(text: string, from: number): number {
  let at = from;
  while (" \t\r\n".includes(text[at] ?? "x")) at += 1;
  return at;
}
