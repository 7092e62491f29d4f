/** A bucket for listings in shards: how often it was asked, and how many requests were under way at once. */
import { compareKeys } from "../../../uri/index.ts";
import type { ListPage, ObjectInfo } from "../../object-store.ts";
import type { OpenPages } from "./pages.ts";

/** A bucket in which every answer takes one round, however many are asked for at once. */
export class Bucket {
  keys: readonly string[];
  readonly prefix: string;
  readonly pageSize: number;
  readonly rollUp: boolean;
  requests = 0;
  rounds = 0;
  inFlight = 0;
  mostInFlight = 0;
  answered = 0;
  /** Called before a page is made. */
  onRequest: (after: string, n: number) => void = () => undefined;
  #waiting: (() => void)[] = [];

  constructor(keys: readonly string[], { prefix = "", pageSize = 1000, rollUp = false } = {}) {
    this.keys = keys;
    this.prefix = prefix;
    this.pageSize = pageSize;
    this.rollUp = rollUp;
  }

  readonly open: OpenPages = (startAfter, signal) => {
    const pages = this.pages(startAfter, signal);
    let page: ListPage | undefined;
    return {
      async ask() {
        const next = await pages.next();
        page = next.done === true ? undefined : next.value;
        return next.done !== true;
      },
      take: () => page,
    };
  };

  async *pages(startAfter: string, signal: AbortSignal): AsyncGenerator<ListPage> {
    for (let after = startAfter; ; ) {
      signal.throwIfAborted();
      this.requests += 1;
      this.onRequest(after, this.requests);
      this.inFlight += 1;
      this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
      await this.#round();
      this.inFlight -= 1;
      this.answered += 1;
      signal.throwIfAborted();
      const names = this.#names(after);
      const page = names.slice(0, this.pageSize);
      if (page.length > 0) yield pageOf(page, this.rollUp, this.prefix);
      if (names.length <= this.pageSize) return;
      after = page.at(-1) ?? "";
    }
  }

  #names(after: string): readonly string[] {
    const names: string[] = [];
    let low = 0;
    for (let high = this.keys.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if (compareKeys(this.keys[middle] ?? "", after) <= 0) low = middle + 1;
      else high = middle;
    }
    for (let at = low; at < this.keys.length && names.length <= this.pageSize; at++) {
      const key = this.keys[at] ?? "";
      if (!key.startsWith(this.prefix)) continue;
      const slash = this.rollUp ? key.indexOf("/", this.prefix.length) : -1;
      const name = slash < 0 ? key : key.slice(0, slash + 1);
      // S3 gives no folder that the start lies in.
      if (name !== names.at(-1) && compareKeys(name, after) > 0) names.push(name);
    }
    return names;
  }

  /** All that are asked for until nobody has anything left to do are answered together. */
  #round(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length > 1) return;
      setImmediate(() => {
        this.rounds += 1;
        const answered = this.#waiting;
        this.#waiting = [];
        for (const answer of answered) answer();
      });
    });
  }
}

function pageOf(names: readonly string[], rollUp: boolean, prefix: string): ListPage {
  const isFolder = (name: string) => rollUp && name.indexOf("/", prefix.length) >= 0;
  return {
    objects: names.filter((name) => !isFolder(name)).map(infoOf),
    folders: names.filter(isFolder),
  };
}

/** Every object differs from its neighbours in all that a listing says. */
export function infoOf(key: string): ObjectInfo {
  const n = key.length + (key.codePointAt(key.length - 1) ?? 0);
  const etag = key === "long" ? `"${"é".repeat(70_000)}"` : `"${[...key].slice(-2).join("")}"`;
  const storageClass = [undefined, "STANDARD", "GLACIER"][n % 3];
  return {
    key,
    sizeBytes: n * 3_000_000_000,
    modifiedMs: 1_700_000_000_000 + n,
    etag,
    versionId: undefined,
    storageClass,
  };
}
