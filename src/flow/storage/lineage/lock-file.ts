/** Lock files, wherever a depot reaches. Written all or nothing, and only where something is different. */
import { type Depot, type SignalOptions, unwatched } from "../../../depot/index.ts";
import { type Address, parentUri } from "../../../uri/index.ts";
import type { InputsLock } from "./inputs-lock.ts";
import { formatLock, parseLock } from "./lock-text.ts";

type Reader = Pick<Depot, "readText" | "resolve">;
type Writer = Pick<Depot, "readText" | "writeText" | "resolve">;

/** Errors: malformed for what is none, unsupported for a newer format; those of a read. It is no input of the work that reads it. */
export async function readLock(data: Reader, from: Address, options: SignalOptions = {}): Promise<InputsLock> {
  const uri = data.resolve(from);
  const text = await unwatched(() => data.readText(from, options));
  return parseLock(text, uri, folderOf(uri));
}

/** Whether it was another one, or none, before. What lies below its folder is named relative to it. */
export async function writeLock(
  data: Writer,
  to: Address,
  lock: InputsLock,
  options: SignalOptions = {},
): Promise<{ readonly changed: boolean }> {
  const uri = data.resolve(to, { for: "write" });
  const text = formatLock(lock, folderOf(uri));
  return unwatched(async () => {
    const before = await data.readText(uri, { ...options, onError: "allow-missing" });
    if (before === text) return { changed: false };
    await data.writeText(uri, text, options);
    return { changed: true };
  });
}

/** Only where a file lies beside others does a relative name mean something on another machine. */
function folderOf(uri: string): string | undefined {
  return uri.startsWith("file:") ? parentUri(uri) : undefined;
}
