/** How many results a client asks for. */
import { s3Error } from "../errors.ts";
import type { Query } from "../request/query.ts";

/** The number in the query, at most `most`, which is also the default. Error: InvalidArgument. */
export function readLimit(query: Query, name: string, most: number): number {
  const text = query.get(name) ?? "";
  if (text === "") return most;
  if (/^\d{1,10}$/.test(text) && Number(text) < 2 ** 31) return Math.min(Number(text), most);
  throw s3Error("InvalidArgument", {
    message: /^-\d{1,10}$/.test(text)
      ? `Argument ${name} must be an integer between 0 and 2147483647`
      : `Provided ${name} not an integer or within integer range`,
    details: { ArgumentName: name, ArgumentValue: text },
  });
}
