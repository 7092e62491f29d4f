/** Tries one address as a program would: resolve, HEAD, LIST, GET; each answer or the way out of its error. */
import type { CallOptions, Depot } from "../depot/index.ts";
import { type Finding, finding, problem } from "./finding.ts";

/** What the server answers for `address`; changes nothing and fetches at most one byte of a body. Rejects only when aborted. */
export async function* addressFindings(
  depot: Depot,
  address: string,
  options: Pick<CallOptions, "signal"> = {},
): AsyncGenerator<Finding, void, undefined> {
  let uri: string;
  try {
    uri = depot.resolve(address);
  } catch (error) {
    yield problem("address", error);
    return;
  }
  yield finding("address", uri);
  if (uri.endsWith("/") || isBucket(uri)) {
    yield await attempt("LIST", options, async () => firstName(depot, uri, options));
    return;
  }
  const head = await attempt("HEAD", options, async () => {
    const entry = await depot.stat(uri, { ...options, cache: "bypass" });
    return `${entry.sizeBytes} bytes, etag ${entry.etag}`;
  });
  yield head;
  yield await attempt("GET", options, async () => {
    const bytes = await depot.readRange(uri, { start: 0, end: 1 }, { ...options, cache: "bypass" });
    return `answers (${bytes.byteLength} of the first byte)`;
  });
  yield await listAround(depot, uri, head, options);
}

/** Where HEAD says "missing", the folder tells a typing error from a missing permission; where it works, a refusal is a note. */
async function listAround(
  depot: Depot,
  uri: string,
  head: Finding,
  options: Pick<CallOptions, "signal">,
): Promise<Finding> {
  const folder = uri.slice(0, uri.lastIndexOf("/") + 1);
  const list = await attempt("LIST", options, async () => firstName(depot, folder, options));
  if (head.status !== "ok" || list.status !== "problem") return list;
  return { ...list, status: "note", hint: `reading works; ${list.hint ?? "listing needs a permission of its own"}` };
}

async function firstName(depot: Depot, folder: string, options: Pick<CallOptions, "signal">): Promise<string> {
  for await (const entry of depot.list<"any">(folder, { ...options, kind: "any", depth: 1 }))
    return `answers, first name ${entry.name || entry.path}`;
  return "answers, nothing there";
}

async function attempt(
  method: string,
  { signal }: Pick<CallOptions, "signal">,
  work: () => Promise<string>,
): Promise<Finding> {
  try {
    return finding(method, await work());
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    return problem(method, error);
  }
}

function isBucket(uri: string): boolean {
  return /^s3:\/\/[^/]*$/.test(uri);
}
