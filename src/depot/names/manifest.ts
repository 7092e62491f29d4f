/**
 * The file in a folder that says which of its names stand for other keys: one line of JSON for each. What it lists follows from
 * the names, too, so that a reader needs only to know that it is there.
 */
import { dirname, join } from "node:path";
import { type Disk, type NameRules, type PendingFile, unescapeName, withoutMarks } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { NameTable } from "./name-table.ts";

/** Its name, in the folder that was copied into. */
export const manifestName = ".entrepot-names.ndjson";

/** One name that is not the key: both below the folder. */
export interface MappedName {
  readonly path: string;
  readonly key: string;
}

const head = { entrepot: "names", version: 1 };
/** What every list begins with. */
const beginning = '{"entrepot":"names",';

/** Whether the file at this path is such a list, and not just an object of its name. */
export async function isManifestFile(disk: Disk, path: string): Promise<boolean> {
  if ((await disk.stat(path))?.kind !== "file") return false;
  const file = await disk.openRead(path);
  try {
    const start = new Uint8Array(beginning.length);
    const count = await file.read(start, 0);
    return Buffer.from(start.subarray(0, count)).toString("latin1") === beginning;
  } finally {
    await file.close();
  }
}

/** The key that a path below a folder with a manifest stands for. A name that somebody else gave stands for itself. */
export function keyOfPath(path: string): string {
  const plain = withoutMarks(path);
  return unescapeName(plain, "posix") ?? unescapeName(plain, "windows") ?? plain;
}

/** Names with a mark that the folder's manifest knows, by what `escapeName` gave for them; folders end in `/`. */
export async function knownMarks(disk: Disk, folder: string): Promise<Map<string, string>> {
  const known = new Map<string, string>();
  for await (const { path } of manifestLines(disk, folder)) {
    if (withoutMarks(path) === path) continue;
    let plain = "";
    let name = "";
    for (const segment of path.split("/")) {
      name += name === "" ? segment : `/${segment}`;
      // a long name lies in a folder that is nothing but its mark
      if (withoutMarks(`${name}/`) === "") continue;
      plain += `${plain === "" ? "" : "/"}${withoutMarks(name)}`;
      if (withoutMarks(name) !== name) known.set(plain === withoutMarks(path) ? plain : `${plain}/`, name);
      name = "";
    }
  }
  return known;
}

/** Gathers what a copy maps, beside the target until it is published. */
export class ManifestDraft {
  readonly #disk: Disk;
  readonly #scratchFolder: () => Promise<string>;
  #lines: string[] = [];
  #spool: PendingFile | undefined;

  constructor(disk: Disk, scratchFolder: () => Promise<string>) {
    this.#disk = disk;
    this.#scratchFolder = scratchFolder;
  }

  async add({ path, key }: MappedName): Promise<void> {
    this.#lines.push(`${JSON.stringify({ path, key })}\n`);
    if (this.#lines.length < 5_000) return;
    this.#spool ??= await this.#disk.createPending(await this.#scratchFolder());
    await this.#spool.write(Buffer.from(this.#lines.join("")));
    this.#lines = [];
  }

  /** Adds what is new to the manifest of the folder; makes none where nothing was mapped. */
  async publish(folder: string, rules: NameRules): Promise<void> {
    if (this.#spool === undefined && this.#lines.length === 0) return;
    const target = join(folder, manifestName);
    const seen = new NameTable();
    const isNew = ({ path, key }: MappedName) => seen.claim(`${path}\n${key}`, path, false) === "free";
    const pending = await this.#disk.createPending(dirname(target), { makeFolders: true });
    try {
      await pending.write(Buffer.from(`${JSON.stringify({ ...head, rules })}\n`));
      let old = 0;
      let added = 0;
      for await (const line of manifestLines(this.#disk, folder)) {
        if (isNew(line)) old += await writeLine(pending, line);
      }
      for await (const line of this.#mapped()) {
        if (isNew(line)) added += await writeLine(pending, line);
      }
      if (added > 0 || old === 0) await pending.commit(target, { durable: true });
    } finally {
      await pending.discard();
    }
  }

  async discard(): Promise<void> {
    await this.#spool?.discard();
  }

  async *#mapped(): AsyncGenerator<MappedName> {
    if (this.#spool !== undefined) yield* linesOf(this.#disk, this.#spool.path);
    for (const line of this.#lines) yield JSON.parse(line);
  }
}

async function writeLine(pending: PendingFile, line: MappedName): Promise<1> {
  await pending.write(Buffer.from(`${JSON.stringify({ path: line.path, key: line.key })}\n`));
  return 1;
}

/** What the manifest of the folder lists; nothing where there is none. Error: malformed for what is none of ours. */
async function* manifestLines(disk: Disk, folder: string): AsyncGenerator<MappedName> {
  const file = join(folder, manifestName);
  if ((await disk.stat(file))?.kind === "file") yield* linesOf(disk, file);
}

async function* linesOf(disk: Disk, path: string): AsyncGenerator<MappedName> {
  for await (const line of textLines(disk, path)) {
    const value = parsed(line);
    if (value === undefined) throw malformed(path);
    if ("entrepot" in value) continue;
    const { path: name, key } = value;
    if (typeof name !== "string" || typeof key !== "string") throw malformed(path);
    yield { path: name, key };
  }
}

async function* textLines(disk: Disk, path: string): AsyncGenerator<string> {
  const file = await disk.openRead(path);
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const block = new Uint8Array(1 << 18);
    let rest = "";
    for (let position = 0; ; ) {
      const count = await file.read(block, position);
      position += count;
      const lines = (rest + decoder.decode(block.subarray(0, count), { stream: count > 0 })).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
      if (count === 0) break;
    }
    if (rest !== "") yield rest;
  } catch (error) {
    throw error instanceof TypeError ? malformed(path) : error;
  } finally {
    await file.close();
  }
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function malformed(path: string): EntrepotError {
  return new EntrepotError("malformed", `${path} is no list of names`, {
    hint: "copy into another folder, or move that file away; it says which names there stand for other keys",
  });
}
