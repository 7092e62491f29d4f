/** polars' words for types, as our docs call them. */

const words: readonly (readonly [RegExp, string | ((...parts: string[]) => string)])[] = [
  [/\b(?:conversion|casting) from `?(.+?)`? to `?(.+?)`? (failed|not supported)/gi, "turning $1 into $2 $3"],
  [/ in column 'literal'/g, ""],
  [/failed to determine supertype of (.+) and (.+)/g, "no type holds both $1 and $2"],
  [/\b(Large)?(Utf8|String)(View)?\b|\bstr\b/g, "string"],
  [/\b(Large)?Binary(View)?\b|\bbinary\b/g, "bytes"],
  [/\b(?:i|Int)(8|16|32|64|128)\b/g, "int$1"],
  [/\b(?:u|UInt)(8|16|32|64|128)\b/g, "uint$1"],
  [/\b(?:f|Float)(16|32|64)\b/g, "float$1"],
  [/\bbool\b|\bBoolean\b/g, "boolean"],
  [/\b(?:cat|categorical|Categorical|enum|Enum)\b/g, "category"],
  [/\bdecimal\[(\d+),\s?(\d+)\]/gi, "decimal($1,$2)"],
  [/\bdatetime\[(.+?)\]/gi, (_, unit = "") => `timestamp(${inAscii(unit)})`],
  [/\bduration\[(.+?)\]/gi, (_, unit = "") => `duration(${inAscii(unit)})`],
  [/\blist\[([\w()<>, ]+)\]/g, "list<$1>"],
  [/\bstruct\[\d+\]/g, "struct"],
];

export function inOurWords(text: string): string {
  return words.reduce((said, [theirs, ours]) => said.replace(theirs, ours as string), text);
}

function inAscii(unit: string): string {
  return unit.replace("μ", "u").replace("µ", "u");
}
