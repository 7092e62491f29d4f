/** A test of a column as it is typed: `id>=5`, `name="x"`, `note=null`. One test each; what looks like more is said. */
import type { Where } from "../../table/index.ts";

const operators = { "=": "eq", "==": "eq", "!=": "ne", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte" } as const;

/** RangeError for what is none. */
export function testOf(given: string): Where<readonly string[]> {
  const [, column = "", operator = "", value = ""] = /^(.+?)\s*(<>|==|!=|<=|>=|=|<|>)\s*(.*)$/s.exec(given) ?? [];
  if (operator === "<>") throw new RangeError(`write ${column}!=${value}: <> is no test here`);
  if (/\bis\s+(not\s+)?null\s*$/i.test(given))
    throw new RangeError(`write 'a=null' for what is missing and 'a!=null' for what is there`);
  if (column === "" || value === "") throw new RangeError(`expected a test such as 'id>=5' or 'name="x"'`);
  if (!/^(["']).*\1$/s.test(value) && /\s(and|or)\s.*[=<>]/is.test(value))
    throw new RangeError(
      "it is one test; give --where again for another: all must pass. What has an or is for table query",
    );
  return { [column.trim()]: { [operators[operator as keyof typeof operators]]: scalarOf(value) } };
}

function scalarOf(text: string): string | number | bigint | boolean | null {
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
  if (/^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text);
  if (text === "true" || text === "false") return text === "true";
  if (text === "null") return null;
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text;
}
