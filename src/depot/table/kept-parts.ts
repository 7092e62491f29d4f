/**
 * What files of a table gave, kept on this disk: an Arrow file for all that have the same columns, and a list. What is damaged or was
 * taken away is as if it had never been there.
 */
import { hash } from "node:crypto";
import { isEntrepotError } from "../../error/index.ts";
import { columnsOf, type DataFrame, type Part, type Polars } from "../../table/index.ts";
import type { Context } from "../context.ts";
import { readOne } from "./read-one.ts";
import { writeOne } from "./write-one.ts";

/** What one version of a file gave. */
export interface FilePart extends Part {
  /** Empty where the store tells no version: then it is not kept. */
  readonly etag: string;
  /** What its address says. */
  readonly said: string;
}

export interface KeptParts {
  /** Its files. */
  readonly names: ReadonlySet<string>;
  partOf(uri: string, etag: string, said: string): FilePart | undefined;
}

interface ListedPart {
  readonly uri: string;
  readonly etag: string;
  readonly said: string;
  readonly isInferred: boolean;
  readonly rows: number;
}

interface List {
  readonly version: 2;
  /** Of all that decides on what is in it. */
  readonly asked: string;
  readonly groups: readonly Group[];
}

/** Parts with the same columns, one below the other. */
interface Group {
  /** The name of the Arrow file. */
  readonly data: string;
  readonly parts: readonly ListedPart[];
}

const listName = "table.json";
const dataName = /^table-[0-9a-f-]+\.arrow$/;

export async function loadParts(context: Context, pl: Polars, folder: string, asked: string): Promise<KeptParts> {
  const list = await listIn(context, folder);
  const parts = new Map<string, FilePart>();
  const names = new Set<string>();
  for (const { data, parts: listed } of list?.asked === asked ? list.groups : []) {
    const frame = await frameIn(context, folder, data);
    if (frame === undefined || listed.reduce((sum, { rows }) => sum + rows, 0) !== frame.height) continue;
    names.add(data);
    let first = 0;
    for (const { rows, ...part } of listed) {
      const slice = frame.width === 0 ? (pl.DataFrame({}) as DataFrame) : frame.slice(first, rows);
      parts.set(keyOf(part), { ...part, frame: slice });
      first += rows;
    }
  }
  return { names, partOf: (uri, etag, said) => (etag === "" ? undefined : parts.get(keyOf({ uri, etag, said }))) };
}

/** Writes what is new and removes what is of no use any more. */
export async function keepParts(
  context: Context,
  pl: Polars,
  folder: string,
  asked: string,
  parts: readonly FilePart[],
  known: KeptParts,
): Promise<void> {
  const { disk } = context;
  const groups = groupsOf(
    asked,
    parts.filter(({ etag, frame }) => etag !== "" && frame.width > 0),
  );
  const names = new Set(groups.map(({ data }) => data));
  if (names.size === known.names.size && [...names].every((name) => known.names.has(name))) return;
  await disk.makeFolder(folder);
  const before = (await disk.readFolder(folder)) ?? [];
  for (const { data, frames } of groups) {
    if (known.names.has(data)) continue;
    const [first] = frames;
    if (first === undefined) continue;
    const frame = frames.length === 1 ? first : pl.concat([...frames], { how: "vertical", rechunk: false });
    await writeOne(context, await context.place(`${folder}/${data}`, "write"), frame, { format: "arrow" });
  }
  const list: List = { version: 2, asked, groups: groups.map(({ data, listed }) => ({ data, parts: listed })) };
  await disk.writeFile(`${folder}/${listName}`, Buffer.from(JSON.stringify(list)));
  for (const { name, kind } of before)
    if (kind === "file" && dataName.test(name) && !names.has(name)) await disk.removeFile(`${folder}/${name}`);
}

function groupsOf(asked: string, parts: readonly FilePart[]) {
  const byColumns = new Map<string, FilePart[]>();
  for (const part of parts) {
    const columns = JSON.stringify(columnsOf(part.frame));
    const group = byColumns.get(columns) ?? [];
    group.push(part);
    byColumns.set(columns, group);
  }
  return [...byColumns].map(([columns, group]) => {
    const listed = group.map(({ frame, ...part }): ListedPart => ({ ...part, rows: frame.height }));
    // two that keep the same keep it under one name
    const data = `table-${hash("sha256", JSON.stringify([asked, columns, listed]))}.arrow`;
    return { data, listed, frames: group.map(({ frame }) => frame) };
  });
}

function keyOf({ uri, etag, said }: Pick<FilePart, "uri" | "etag" | "said">): string {
  return JSON.stringify([uri, etag, said]);
}

async function listIn(context: Context, folder: string): Promise<List | undefined> {
  try {
    const { bytes } = await context.disk.readFile(`${folder}/${listName}`);
    const list: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return isList(list) ? list : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isEntrepotError(error, "not-found")) return undefined;
    throw error;
  }
}

function isList(value: unknown): value is List {
  const { version, groups } = (value ?? {}) as Partial<List>;
  if (version !== 2 || !Array.isArray(groups)) return false;
  return groups.every(
    ({ data, parts }: Partial<Group>) =>
      typeof data === "string" &&
      dataName.test(data) &&
      Array.isArray(parts) &&
      parts.every(({ rows }: Partial<ListedPart>) => Number.isSafeInteger(rows)),
  );
}

async function frameIn(context: Context, folder: string, data: string): Promise<DataFrame | undefined> {
  try {
    return await readOne(context, await context.place(`${folder}/${data}`, "read"), { format: "arrow" }, {});
  } catch (error) {
    if (isEntrepotError(error, "not-found", "changed", "malformed", "unsupported")) return undefined;
    throw error;
  }
}
