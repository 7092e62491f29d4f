/** Where JSON stops being JSON. Only asked after `JSON.parse` has refused: it does not always say, and quotes the text. */

const space = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: no string holds them
const plain = /[^"\\\u0000-\u001f]*/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const word = /true|false|null/y;

/** The offset of the first character that no JSON text could have there, `text.length` when it ends too early, `undefined` when it is JSON. */
export function jsonErrorAt(text: string): number | undefined {
  let at = 0;
  let fault: number | undefined;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.test(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const takeText = (unit: string): boolean => {
    take(space);
    if (text[at] !== unit) return false;
    at += 1;
    return true;
  };
  const takeString = (): boolean => {
    if (text[at] !== '"') return false;
    at += 1;
    // One pattern for all of it would need a stack as long as the string.
    do take(plain);
    while (take(escaped));
    if (text[at] !== '"') fault = at;
    at += 1;
    return fault === undefined;
  };
  const takeName = (): boolean => {
    take(space);
    return takeString() && takeText(":");
  };

  // What is open, as its closing bracket; depth costs no stack.
  const open: string[] = [];
  for (;;) {
    take(space);
    if (takeText("[")) {
      if (!takeText("]")) {
        open.push("]");
        continue;
      }
    } else if (takeText("{")) {
      if (!takeText("}")) {
        open.push("}");
        if (!takeName()) return fault ?? at;
        continue;
      }
    } else if (!(takeString() || (fault === undefined && (take(number) || take(word))))) return fault ?? at;
    // A value has ended; so may what holds it.
    while (open.length > 0 && takeText(open.at(-1) ?? "")) open.pop();
    if (open.length === 0) {
      take(space);
      return at < text.length ? at : undefined;
    }
    if (!takeText(",")) return at;
    if (open.at(-1) === "}" && !takeName()) return fault ?? at;
  }
}
