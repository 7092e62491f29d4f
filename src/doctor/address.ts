/** Tries one address as a program would: resolve, HEAD, GET, LIST; each answer or the way out of its error. */
import type { CallOptions, Depot } from "../depot/index.ts";
import { errorAdvice, isEntrepotError } from "../error/index.ts";
import { type AccessOptions, accessFindings } from "./access.ts";
import { type Finding, finding, problem } from "./finding.ts";

export interface AddressOptions extends AccessOptions {
  /** What is told between the address and its answers; a problem among it means that nothing needs to be asked. */
  readonly before?: ((uri: string) => Promise<readonly Finding[]>) | undefined;
}

/** What the server answers for `address`; changes nothing and fetches at most one byte of a body. Rejects only when aborted. */
export async function* addressFindings(
  depot: Depot,
  address: string,
  { before = async () => [], ...options }: AddressOptions = {},
): AsyncGenerator<Finding, void, undefined> {
  let uri: string;
  try {
    uri = depot.resolve(address);
  } catch (error) {
    const found = problem("address", error);
    yield { ...found, hint: found.hint ?? meant(address) };
    return;
  }
  if (/^[a-z]:[\\/]/i.test(address))
    yield finding("address.written", `${address} is a name below the working folder`, {
      status: "note",
      hint: "drive letters and backslashes mean nothing here: write the path with / from the root, e.g. /mnt/c/data",
    });
  yield finding("address", uri, { source: address === uri ? undefined : `written as ${address}` });
  const first = await before(uri);
  yield* first;
  if (first.some(({ status }) => status === "problem")) {
    yield* await accessFindings(depot, uri, first, options);
    return;
  }
  const answers: Finding[] = [];
  for await (const answer of answersOf(depot, uri, { signal: options.signal })) {
    answers.push(answer);
    yield answer;
  }
  yield* await accessFindings(depot, uri, answers, options);
}

/** What a word that is no address was likely meant to be. */
function meant(address: string): string {
  const short = /^(s3a?|file|https?|memory):\/?([^/].*)$/i.exec(address);
  if (short !== null) return `did you mean ${short[1]?.toLowerCase()}://${short[2]}?`;
  return errorAdvice["invalid-address"];
}

async function* answersOf(
  depot: Depot,
  uri: string,
  options: Pick<CallOptions, "signal">,
): AsyncGenerator<Finding, void, undefined> {
  if (uri.endsWith("/") || isBucket(uri)) {
    yield await attempt("LIST", options, async () => firstName(depot, uri, options));
    return;
  }
  const head = await attempt("HEAD", options, async () => {
    const entry = await depot.stat(uri, { ...options, cache: "bypass" });
    const kept = entry.storageClass === undefined ? "" : `, storage class ${entry.storageClass}`;
    const how = entry.encryption === undefined ? "" : `, encrypted by ${entry.encryption}`;
    return `${entry.sizeBytes} bytes, etag ${entry.etag}${kept}${how}`;
  });
  yield head;
  // who did not answer once would keep us waiting twice more
  if (head.code === "unreachable" || head.code === "timeout") {
    yield finding("GET", "not asked: the server was not reached", { status: "note" });
    yield finding("LIST", "not asked: the server was not reached", { status: "note" });
    return;
  }
  yield await attempt("GET", options, async () => {
    try {
      const bytes = await depot.readRange(uri, { start: 0, end: 1 }, { ...options, cache: "bypass" });
      return `answers (${bytes.byteLength} of the first byte)`;
    } catch (error) {
      // an empty object has no first byte
      if (isEntrepotError(error, "invalid-range")) return "answers (it is empty)";
      throw error;
    }
  });
  if (/^https?:/.test(uri)) return;
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
  const bucket = /^s3:\/\/([^/]+)/.exec(uri)?.[1];
  const permission = bucket === undefined ? "a permission of its own" : `s3:ListBucket on arn:aws:s3:::${bucket}`;
  return { ...list, status: "note", hint: `reading works; listing needs ${permission}` };
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
