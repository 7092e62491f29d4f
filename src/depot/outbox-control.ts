/** What waits to be sent: shown, sent, taken back. Nothing is ever sent unasked. */
import type { Cache, Outbox, OutboxEntry, Pushed, QueuedChange, Senders } from "../cache/index.ts";
import { EntrepotError, wrongValue } from "../error/index.ts";
import type { TransferReport } from "../transfer/index.ts";
import { signalOf } from "./calls.ts";
import type { Context } from "./context.ts";
import { diskPath } from "./disk-file.ts";
import type { OutboxVerbs, PushOptions } from "./outbox-types.ts";

/** `open` gives the cache in whose folder the outbox lies; where it gives none, nothing waits. */
export function outboxVerbs(context: Context, open: () => Cache | undefined): OutboxVerbs {
  const opened = async (): Promise<Outbox> => (await open()?.outbox()) ?? empty;
  return {
    async outbox(options) {
      const signal = signalOf(context, options);
      return (await opened()).list((change) => sendersOf(context, change), { signal });
    },
    async push(options = {}) {
      return pushed(context, await opened(), options);
    },
    async discard(id, options) {
      checkId("discard()", id);
      signalOf(context, options);
      await (await opened()).discard(id);
    },
    async save(id, path, options) {
      checkId("save()", id);
      const { sizeBytes } = await (await opened()).save(id, diskPath(context, path), {
        signal: signalOf(context, options),
      });
      return { objects: 1, sizeBytes };
    },
  };
}

const nothing: readonly OutboxEntry[] = [];
/** Without a cache. */
const empty: Outbox = {
  list: async () => nothing,
  count: async () => 0,
  push: async function* () {},
  discard: async (id) => missing(id),
  save: async (id) => missing(id),
};

function missing(id: string): never {
  throw new EntrepotError("not-found", `Nothing waits as ${id}: without a cache there is no outbox`, {
    hint: "leave out cache: false, or --no-cache",
  });
}

async function pushed(context: Context, outbox: Outbox, options: PushOptions): Promise<TransferReport> {
  const { dryRun, overwrite, onFile, onProgress, onError } = options;
  const signal = signalOf(context, options);
  const { Tally } = await import("../transfer/index.ts");
  const tally = new Tally({ dryRun, onFile, onProgress, onError, warn: context.warn, now: () => context.now() });
  const request = { signal, dryRun, overwrite };
  for await (const one of outbox.push((change) => sendersOf(context, change), request)) {
    const { uri, sizeBytes, error, why } = one;
    const file = { uri, target: undefined, action: actionOf(one), status: statusOf(one), sizeBytes, error };
    tally.add(why === undefined ? file : { ...file, reason: why });
  }
  return tally.finish();
}

function actionOf({ operation, outcome }: Pushed): "copy" | "remove" | "skip" {
  if (outcome === "waits") return "skip";
  return operation === "write" ? "copy" : "remove";
}

function statusOf({ outcome }: Pushed): "planned" | "done" | "failed" {
  if (outcome === "failed" || outcome === "planned") return outcome;
  return "done";
}

/** The store that an address of this depot leads to; it says itself whether it may send what another queued. */
async function sendersOf(context: Context, { root, key }: QueuedChange): Promise<Senders> {
  const bucket = /^s3:\/\/(.*)\/$/.exec(root)?.[1];
  const place =
    bucket === undefined ? undefined : await context.placeOf({ scheme: "s3", bucket, key, versionId: undefined });
  return place?.cached?.senders ?? nobody;
}

const nobody: Senders = {
  refusal: () => "this depot has no cache for its address",
  send: async () => undefined,
  look: async () => undefined,
};

function checkId(verb: string, id: unknown): void {
  if (typeof id !== "string") throw wrongValue("the first argument", verb, "an id as outbox() gives it", id);
}
