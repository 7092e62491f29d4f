/** `name=value` on the command line: values by name, JSON where they are that, else text. */
import { lostNumberOf } from "../format/index.ts";
import { UsageError } from "./usage-error.ts";

export const valueNote =
  "A VALUE that is JSON is what that says, any other is text: 2024 and true and [1,2] are no texts, '\"2024\"' is.";

/** As an object, its keys as they are. UsageError for what has no `=`, for a key that is given twice, and for a number that loses digits. */
export function namedValues(option: string, given: readonly string[] = []): Readonly<Record<string, unknown>> {
  const named: Record<string, unknown> = {};
  for (const pair of given) {
    const at = pair.indexOf("=");
    if (at === 0) throw new UsageError(`${option} ${pair} has no name`, `write ${option} name=value`);
    if (at < 0) throw new UsageError(`${option} ${pair} has no value`, `write ${option} name=value`);
    const name = pair.slice(0, at);
    if (Object.hasOwn(named, name)) throw new UsageError(`${option} ${name} is given twice`, "leave one of them out");
    const value = parsedValue(pair.slice(at + 1));
    if (typeof value !== "string" && lostNumberOf(pair.slice(at + 1)) !== undefined)
      throw new UsageError(
        `${option} ${pair} has more digits than a number keeps`,
        `as text it is ${option} '${name}="…"'`,
      );
    Object.defineProperty(named, name, { value, enumerable: true });
  }
  return named;
}

function parsedValue(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}
