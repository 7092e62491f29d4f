/** Objects that cannot be written under their names, gathered while a copy is planned: one error that names them all. */
import { EntrepotError } from "../../error/index.ts";

/** How many a message names. */
const mostNamed = 5;

/** Refuses the whole of a copy. `failures` are in the order of the plan, one for each object. */
export function refusedNames(failures: readonly EntrepotError[]): EntrepotError {
  const [first] = failures;
  if (first === undefined) throw new RangeError("nothing was refused");
  if (failures.length === 1) {
    const { code, message, uri, hint } = first;
    return new EntrepotError(code, message, { uri, hint, cause: first, failures });
  }
  const named = failures.slice(0, mostNamed).map(({ uri }) => uri ?? "");
  const rest = failures.length - named.length;
  const more = rest === 0 ? "" : `, and ${rest.toLocaleString("en-US")} more`;
  return new EntrepotError(
    "unrepresentable-name",
    `${failures.length.toLocaleString("en-US")} objects cannot lie in the target under their names, so nothing was copied: ${named.join(", ")}${more}`,
    { uri: first.uri, hint: first.hint, failures },
  );
}
