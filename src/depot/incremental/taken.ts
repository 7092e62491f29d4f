/**
 * What was taken from a source so far: one line for each path, in the order of keys, in a folder of this disk. What is taken goes to a
 * log at once, so that a process that dies has forgotten nothing; the log becomes part of the rest when a run ends or the next begins.
 */
import { join } from "node:path";
import type { Disk } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { linesOf } from "../../format/index.ts";
import { compareKeys } from "../../uri/index.ts";
import { fileChunks } from "./file-chunks.ts";

/** One path that was taken, and which version of it. */
export interface Taken {
  readonly path: string;
  readonly etag: string;
  readonly sizeBytes: number;
}

/** What a state is of. */
export interface TakenFrom {
  readonly source: string;
  readonly target: string;
  /** Where the bucket of each is asked; `null` for what is none. */
  readonly sourceServer: string | null;
  readonly targetServer: string | null;
}

const fileName = "taken.ndjson";
const logName = "taken.log";
const afterName = "after.json";
/** Lines are written in pieces of about this size, characters. */
const pieceLength = 64 * 1024;

export class TakenFiles {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #from: TakenFrom;

  constructor(disk: Disk, folder: string, from: TakenFrom) {
    this.#disk = disk;
    this.#folder = folder;
    this.#from = from;
  }

  /** All of them in the order of their paths. Error: misconfigured for the state of another source or target. */
  async *known(): AsyncGenerator<Taken> {
    const added = await this.#log();
    let at = 0;
    for await (const taken of this.#kept()) {
      for (let next = added[at]; next !== undefined && compareKeys(next.path, taken.path) < 0; next = added[at]) {
        yield next;
        at += 1;
      }
      if (added[at]?.path !== taken.path) yield taken;
    }
    yield* added.slice(at);
  }

  /** Remembers one more; on this disk when it resolves, though not flushed. */
  async add({ path, etag, sizeBytes }: Taken): Promise<void> {
    const line = new TextEncoder().encode(`${JSON.stringify([path, etag, sizeBytes])}\n`);
    const log = join(this.#folder, logName);
    if ((await this.#disk.append(log, line)) !== undefined) return;
    const begun = Buffer.concat([new TextEncoder().encode(this.#head()), line]);
    await this.#disk.writeFile(log, begun, { mode: 0o600 });
  }

  /** The path up to which everything was taken; `""` for none. Error: malformed. */
  async after(): Promise<string> {
    const path = join(this.#folder, afterName);
    if ((await this.#disk.stat(path)) === undefined) return "";
    const { bytes } = await this.#disk.readFile(path);
    const after = fieldsOf(new TextDecoder().decode(bytes))?.["after"];
    return typeof after === "string" ? after : damaged(path);
  }

  async setAfter(after: string): Promise<void> {
    const bytes = new TextEncoder().encode(`${JSON.stringify({ after })}\n`);
    await this.#disk.writeFile(join(this.#folder, afterName), bytes, { mode: 0o600 });
  }

  /** Makes the log part of the rest. */
  async settle(): Promise<void> {
    const log = join(this.#folder, logName);
    if ((await this.#disk.stat(log)) === undefined) return;
    const pending = await this.#disk.createPending(this.#folder, { mode: 0o600 });
    try {
      let text = this.#head();
      for await (const { path, etag, sizeBytes } of this.known()) {
        text += `${JSON.stringify([path, etag, sizeBytes])}\n`;
        if (text.length < pieceLength) continue;
        await pending.write(new TextEncoder().encode(text));
        text = "";
      }
      await pending.write(new TextEncoder().encode(text));
      await pending.commit(join(this.#folder, fileName), { durable: true });
      await this.#disk.removeFile(log);
    } finally {
      await pending.discard();
    }
  }

  #head(): string {
    return `${JSON.stringify({ entrepot: "taken", version: 1, ...this.#from })}\n`;
  }

  async *#kept(): AsyncGenerator<Taken> {
    const path = join(this.#folder, fileName);
    let first = true;
    for await (const line of linesOf(fileChunks(this.#disk, path), { uri: path })) {
      if (first) this.#check(line, path);
      else yield parsed(line) ?? damaged(path);
      first = false;
    }
  }

  /** In order, the last word on each path. A line that a dying process did not finish says nothing. */
  async #log(): Promise<Taken[]> {
    const last = new Map<string, Taken>();
    const path = join(this.#folder, logName);
    for await (const line of linesOf(fileChunks(this.#disk, path), { uri: path })) {
      const taken = parsed(line);
      if (taken !== undefined) last.set(taken.path, taken);
      else if (fieldsOf(line)?.["entrepot"] === "taken") this.#check(line, path);
    }
    return [...last.values()].sort((a, b) => compareKeys(a.path, b.path));
  }

  #check(line: string, path: string): void {
    const head = fieldsOf(line);
    if (head?.["entrepot"] !== "taken" || head["version"] !== 1) damaged(path);
    const from = this.#from;
    const fields = ["source", "target", "sourceServer", "targetServer"] as const;
    if (fields.every((field) => (head?.[field] ?? null) === from[field])) return;
    throw new EntrepotError(
      "misconfigured",
      `${this.#folder} remembers what was taken ${inWords(head ?? {})}, not ${inWords({ ...from })}`,
      { uri: from.source, hint: "name another folder as state, or none" },
    );
  }
}

function inWords({ source, target, sourceServer, targetServer }: Readonly<Record<string, unknown>>): string {
  const at = (uri: unknown, server: unknown) => (typeof server === "string" ? `${uri} (${server})` : String(uri));
  return `from ${at(source, sourceServer)} to ${at(target, targetServer)}`;
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function parsed(line: string): Taken | undefined {
  const fields = fieldsOf(line);
  if (!Array.isArray(fields)) return undefined;
  const [path, etag, sizeBytes] = fields as readonly unknown[];
  if (typeof path !== "string" || typeof etag !== "string" || typeof sizeBytes !== "number") return undefined;
  return { path, etag, sizeBytes };
}

function damaged(path: string): never {
  throw new EntrepotError("malformed", `${path} does not say what was taken`, {
    hint: "remove it to take everything again",
  });
}
