/** How many requests a plan makes when nothing fails: what its planning asked, and what each of its items takes. Asks nobody. */
import type { ObjectStore, PlannedCosts, RequestKind } from "../store/index.ts";
import type { CopySettings } from "./copy-item.ts";
import { type ObjectPlace, smallBytes } from "./copy-object.ts";
import { type Item, isWork } from "./item.ts";
import type { CopyJob } from "./object-jobs.ts";
import { goesTogether, isTelling, type RemoveSettings } from "./remove-items.ts";
import type { PlannedRequests } from "./report.ts";

export interface CountedSettings
  extends Pick<CopySettings, "condition" | "move" | "recode">,
    Pick<RemoveSettings, "ifMatch"> {
  /** What the planning has asked servers for so far. */
  readonly asked?: (() => PlannedCosts) | undefined;
}

const kinds = ["get", "put", "part", "copy", "head", "list", "delete"] as const satisfies readonly RequestKind[];

export class RequestCounter {
  readonly #settings: CountedSettings;
  readonly #counts: Record<RequestKind, number> = { get: 0, put: 0, part: 0, copy: 0, head: 0, list: 0, delete: 0 };
  /** Removals that go together, by store. */
  readonly #together = new Map<ObjectStore, { keys: number; guarded: boolean }>();

  constructor(settings: CountedSettings) {
    this.#settings = settings;
  }

  add(item: Item): void {
    if (!isWork(item) || item.kind === "skip") return;
    if (item.kind === "copy") this.#copy(item.job);
    else this.#remove(item.job);
  }

  /** One more look at an object, to know whether it was done before. */
  look({ origin, store }: ObjectPlace): void {
    this.#sum((origin ?? store).requestsOf?.({ call: "stat" }));
  }

  /** Of all items so far. */
  requests(): PlannedRequests {
    const counts = { ...this.#counts };
    const add = (costs: PlannedCosts | undefined) => {
      for (const kind of kinds) counts[kind] += costs?.[kind] ?? 0;
    };
    for (const [store, removals] of this.#together) add(store.requestsOf?.({ call: "deleteMany", ...removals }));
    add(this.#settings.asked?.());
    return { total: kinds.reduce((total, kind) => total + counts[kind], 0), ...counts };
  }

  #copy(job: CopyJob): void {
    const { condition, move = false, recode } = this.#settings;
    const from = job.from.origin ?? job.from.store;
    const to = job.to.origin ?? job.to.store;
    const conditional = condition?.ifMatch !== undefined || condition?.ifNoneMatch !== undefined;
    const { sizeBytes } = job;
    const change = recode?.(job);
    const inside =
      change === undefined ? to.requestsOf?.({ call: "copyFrom", from, sizeBytes, conditional }) : undefined;
    if (inside !== undefined) this.#sum(inside);
    else {
      const isSmall = change === undefined && sizeBytes !== undefined && sizeBytes <= smallBytes;
      const isReceived = change === undefined && !isSmall && to.receive !== undefined;
      if (!isSmall && !isReceived) this.#sum(from.requestsOf?.({ call: "stat" }));
      const writtenBytes = change === undefined ? sizeBytes : undefined;
      const write = to.requestsOf?.({ call: "write", sizeBytes: writtenBytes, conditional });
      this.#sum(write);
      const openings = isSmall || isReceived ? 1 : (write?.openings ?? 1);
      const read = from.requestsOf?.({ call: "read", sizeBytes, inOrder: !isReceived });
      for (let opening = 0; opening < openings; opening += 1) this.#sum(read);
    }
    // A server's own copy is of the version that it was asked for, every other one of the version that was read.
    if (move) this.#sum(from.requestsOf?.({ call: "delete", conditional: job.from.versionId === undefined }));
  }

  #remove(job: Parameters<typeof goesTogether>[0]): void {
    const store = job.what.origin ?? job.what.store;
    const { ifMatch } = this.#settings;
    if (goesTogether(job, { ifMatch })) {
      const { keys = 0, guarded = false } = this.#together.get(store) ?? {};
      this.#together.set(store, { keys: keys + 1, guarded: guarded || isTelling(job.etag) });
    } else this.#sum(store.requestsOf?.({ call: "delete", conditional: ifMatch !== undefined || isTelling(job.etag) }));
  }

  #sum(costs: PlannedCosts | undefined): void {
    for (const kind of kinds) this.#counts[kind] += costs?.[kind] ?? 0;
  }
}

/** `7 GET, 3 PUT`; empty where none is made. */
export function requestsInWords(requests: PlannedRequests): string {
  const names: Readonly<Record<RequestKind, string>> = {
    get: "GET",
    put: "PUT",
    part: "parts",
    copy: "COPY",
    head: "HEAD",
    list: "LIST",
    delete: "DELETE",
  };
  return kinds
    .filter((kind) => requests[kind] > 0)
    .map((kind) => `${requests[kind].toLocaleString("en-US")} ${names[kind]}`)
    .join(", ");
}
