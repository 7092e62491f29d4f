/** What was kept of a node before, for saying why a result is not found. Listed at most once in ten seconds. */
import { type Entry, nameOfEntry, parseEntry, parseEntryName } from "./entry.ts";
import type { Parts } from "./parts.ts";
import type { Shelf } from "./shelf.ts";
import { differences } from "./why.ts";

const freshMs = 10_000;
/** The latest results of a node that are compared; a list of items has one for each. */
const mostCompared = 3;
const mostRemembered = 1_000;

export class History {
  readonly #shelf: Shelf;
  readonly #now: () => number;
  #listed: { readonly atMs: number; readonly byNode: Promise<Map<string, readonly string[]>> } | undefined;
  readonly #read = new Map<string, Promise<Entry | undefined>>();

  constructor(shelf: Shelf, now: () => number) {
    this.#shelf = shelf;
    this.#now = now;
  }

  /** Never fails: what cannot be told is not worth an error. */
  async whyNot(node: string, parts: Parts): Promise<string> {
    try {
      const entries = await this.latest(node);
      if (entries.length === 0) return "never computed";
      const [nearest = []] = entries
        .map(({ parts: before }) => differences(before, parts))
        .sort((a, b) => a.length - b.length);
      return nearest.length === 0 ? "nothing is kept of it any more" : nearest.slice(0, 5).join(", ");
    } catch {
      return "nobody can tell what was kept before";
    }
  }

  /** The latest first. */
  async latest(node: string): Promise<readonly Entry[]> {
    const names = (await this.#names()).get(node) ?? [];
    const entries = await Promise.all(names.map((name) => this.#entry(name)));
    return entries.filter((entry) => entry !== undefined);
  }

  /** One more is kept, by this process. */
  async note(entry: Entry): Promise<void> {
    const name = nameOfEntry(entry);
    void this.#remember(name, Promise.resolve(entry));
    const byNode = await this.#listed?.byNode.catch(() => undefined);
    byNode?.set(entry.node, [name, ...(byNode.get(entry.node) ?? [])].slice(0, mostCompared));
  }

  #entry(name: string): Promise<Entry | undefined> {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const reading = this.#shelf.read(name).then((bytes) => (bytes === undefined ? undefined : parseEntry(bytes)));
    return this.#remember(name, reading);
  }

  #remember(name: string, entry: Promise<Entry | undefined>): Promise<Entry | undefined> {
    if (this.#read.size > mostRemembered) this.#read.clear();
    this.#read.set(name, entry);
    return entry;
  }

  #names(): Promise<Map<string, readonly string[]>> {
    const atMs = this.#now();
    if (this.#listed === undefined || atMs - this.#listed.atMs > freshMs) this.#listed = { atMs, byNode: this.#list() };
    return this.#listed.byNode;
  }

  async #list(): Promise<Map<string, readonly string[]>> {
    const found = (await this.#shelf.all("keys/")).flatMap(({ name }) => {
      const parsed = parseEntryName(name);
      return parsed === undefined ? [] : [{ name: `keys/${name}`, ...parsed }];
    });
    const byNode = new Map<string, string[]>();
    for (const { node, name } of found.sort((a, b) => b.keptMs - a.keptMs)) {
      const names = byNode.get(node);
      if (names === undefined) byNode.set(node, [name]);
      else if (names.length < mostCompared) names.push(name);
    }
    return byNode;
  }
}
