/**
 * A listing: the server's, or what a pinned one knows when nothing can be asked. With a pinned one at hand a single quick try decides
 * whether the network is there; what was begun is then brought to its end with the store's full patience.
 */
import { isEntrepotError } from "../../error/index.ts";
import type { ListOptions, ListPage } from "../../store/index.ts";
import { compareKeys } from "../../uri/index.ts";
import { quick, watched } from "../ask.ts";
import { type Desk, isOutOfReach, notListed } from "../desk.ts";
import { coveringPin, knownPages, listedAgeMs } from "./known.ts";
import type { Pin } from "./pin-format.ts";

export async function* list(desk: Desk, options: ListOptions = {}): AsyncGenerator<ListPage, void, undefined> {
  const { prefix = "" } = options;
  const { network, circuit } = desk.options;
  const pin = network === "online" ? undefined : await coveringPin(desk, prefix);
  if (network === "offline") {
    if (pin === undefined) throw notListed(`${desk.store.uri}${prefix}`);
    return yield* known(desk, pin, options);
  }
  if (pin === undefined) return yield* asked(desk, options);
  const attempt = circuit.attempt();
  if (attempt === undefined) return yield* known(desk, pin, options);
  const pages = desk.store.list({ ...options, ...quick(options) })[Symbol.asyncIterator]();
  let last: ListPage | undefined;
  try {
    let page = await watched(attempt, options.signal, () => pages.next());
    for (; page.done !== true; page = await pages.next()) {
      yield page.value;
      last = page.value;
    }
  } catch (error) {
    if (last === undefined && isOutOfReach(error)) return yield* known(desk, pin, options);
    if (!isEntrepotError(error) || !error.retryable) throw error;
    yield* last === undefined ? asked(desk, options) : after(desk, options, last);
  } finally {
    await pages.return?.();
  }
}

async function* known(desk: Desk, pin: Pin, options: ListOptions): AsyncGenerator<ListPage, void, undefined> {
  options.signal?.throwIfAborted();
  desk.options.onStale?.({ uri: `${desk.store.uri}${options.prefix ?? ""}`, ageMs: listedAgeMs(desk, pin) });
  yield* knownPages(desk, pin, options);
}

/** The circuit learns from the first page. */
async function* asked(desk: Desk, options: ListOptions): AsyncGenerator<ListPage, void, undefined> {
  const pages = desk.store.list(options)[Symbol.asyncIterator]();
  try {
    let page = await watched(desk.options.circuit.insist(), options.signal, () => pages.next());
    for (; page.done !== true; page = await pages.next()) yield page.value;
  } finally {
    await pages.return?.();
  }
}

/** What comes after a page. */
async function* after(desk: Desk, options: ListOptions, last: ListPage): AsyncGenerator<ListPage, void, undefined> {
  const object = last.objects.at(-1)?.key ?? "";
  const folder = last.folders.at(-1) ?? "";
  const startAfter = compareKeys(object, folder) > 0 ? object : folder;
  for await (const page of asked(desk, { ...options, startAfter })) {
    // The folder goes on after its own name.
    const folders = page.folders.filter((name) => name !== folder);
    if (page.objects.length + folders.length > 0) yield { ...page, folders };
  }
}
