/** What a node gives as a result: text as it is, a table as a table, everything else as JSON. */
import type { Call } from "../command.ts";
import { printableLines } from "../escape.ts";
import type { JsonValue } from "../message.ts";
import { tellFrame } from "../table/tell-frame.ts";

/** With a heading where several are told. */
export async function tellValue(call: Call, name: string, value: unknown, isOne: boolean): Promise<void> {
  const { output } = call;
  if (isFrame(value)) {
    if (!isOne && !output.json) await output.write(`${name}:\n`);
    return tellFrame(call, value as Parameters<typeof tellFrame>[1]);
  }
  await output.tell({
    text: () => (isOne ? textOf(value) : `${name}: ${textOf(value)}`),
    json: () => ({ type: "output", name, value: plain(value) }),
  });
}

function isFrame(value: unknown): boolean {
  const { writeIPC, getColumn } = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  return typeof writeIPC === "function" && typeof getColumn === "function";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? printableLines(value) : (JSON.stringify(plain(value), null, 2) ?? "null");
}

/** What JSON has no word for as text: numbers that are none, integers beyond 2⁵³, dates, bytes by their size. */
function plain(value: unknown, depth = 0): JsonValue {
  if (value === undefined || value === null || depth > 100) return null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object") return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  if (ArrayBuffer.isView(value))
    return Array.from(value as unknown as ArrayLike<number>, (each) => plain(each, depth + 1));
  if (value instanceof Map) return plain(Object.fromEntries(value), depth);
  if (value instanceof Set) return plain([...value], depth);
  if (Array.isArray(value)) return value.map((each) => plain(each, depth + 1));
  if ("toJSON" in value && typeof value.toJSON === "function") return plain(value.toJSON(), depth + 1);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each, depth + 1)]));
}
