/**
 * The table of many files, kept in a folder of this disk from call to call: Arrow files, and a list of which rows came from which
 * version of which file. Only files that are new or changed are read again; those that are gone are left out. What is kept is what
 * each file gave by itself, so that the answer is that of a read without it.
 */
import { hash } from "node:crypto";
import { type DataFrame, loadPolars, type Question, unite } from "../../table/index.ts";
import { lookAhead } from "../../transfer/index.ts";
import { signalOf } from "../calls.ts";
import type { Context } from "../context.ts";
import { diskPath } from "../disk-file.ts";
import type { LocalPath } from "../options.ts";
import type { TableFile } from "./files.ts";
import { type FilePart, keepParts, loadParts } from "./kept-parts.ts";
import { finished, type ManyOptions, readPart, wantedFiles } from "./read-many.ts";

const width = 4;

/** Errors: those of the files that are read, and of the disk. */
export async function readConsolidated(
  context: Context,
  files: readonly TableFile[],
  at: LocalPath,
  options: ManyOptions,
  question: Question,
  uri: string,
): Promise<DataFrame> {
  const folder = diskPath(context, at);
  const whole = { ...question, limit: undefined };
  const asked = fingerprint(options);
  const pl = await loadPolars();
  const known = await loadParts(context, pl, folder, asked);
  const now = await versions(context, wantedFiles(files, options, question), options);
  const parts: FilePart[] = [];
  for await (const part of lookAhead(now, { places: width }, async ({ file, etag, said }) => {
    const kept = known.partOf(file.place.uri, etag, said);
    return kept ?? { ...(await readPart(context, pl, file, options, whole)), etag, said };
  }))
    parts.push(part);
  await keepParts(context, pl, folder, asked, parts, known);
  return finished(pl, unite(pl, parts, uri), question, uri);
}

/** What a listing did not say is asked for. */
async function versions(context: Context, files: readonly TableFile[], options: ManyOptions) {
  const all: { readonly file: TableFile; readonly etag: string; readonly said: string }[] = [];
  const signal = signalOf(context, options);
  const stats = lookAhead(files, { places: context.settings.concurrency }, async (file) => {
    const { place, etag } = file;
    const { key, versionId } = place;
    const known = etag ?? (await (place.cached ?? place.store).stat(key, { signal, versionId })).etag;
    return { file, etag: known, said: saidOf(file) };
  });
  for await (const version of stats) all.push(version);
  return all;
}

/** What its address says, which depends on the addresses of the others, too. */
function saidOf({ constants }: TableFile): string {
  return [...constants].map(([name, { kind, value }]) => JSON.stringify([name, kind, String(value)])).join();
}

/** What decides on the table, besides its files. */
function fingerprint(options: ManyOptions): string {
  const { signal: _s, onProgress: _p, onError: _e, cache: _c, limit: _l, incremental: _i, ...asked } = options;
  const text = JSON.stringify(Object.entries(asked).sort(), (_, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
  return hash("sha256", text);
}
