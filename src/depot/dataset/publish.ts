/** Stage, verify, swing: the files of a generation are all there before the pointer names it, and nobody else's are lost. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { Usage } from "../../transfer/index.ts";
import type { Address } from "../../uri/index.ts";
import type { Depot } from "../depot.ts";
import type { Sources } from "../entries.ts";
import type { Awaitable } from "../options.ts";
import { claim } from "./claim.ts";
import { type DatasetDesk, describe, readPointer } from "./desk.ts";
import { newGeneration } from "./layout.ts";
import { type ManifestSum, verifyFiles, writeManifest } from "./manifest.ts";
import {
  emptyPointer,
  formatPointer,
  type GenerationRecord,
  type Pointer,
  parsePointer,
  published,
} from "./pointer.ts";
import type { DatasetGeneration, DatasetPublishOptions, DatasetStage } from "./types.ts";

type Source = Address | Sources | ((stage: DatasetStage<Depot>, signal: AbortSignal) => Awaitable<void>);

export async function publishOf(
  desk: DatasetDesk,
  source: Source,
  options: DatasetPublishOptions,
): Promise<DatasetGeneration> {
  const { signal } = options;
  const base = await readPointer(desk, { signal, cache: "bypass" });
  if (options.base !== undefined && options.base !== base.current) throw overtaken(desk, base, options.base);
  const generation = newGeneration(base.sequence + 1);
  try {
    await claim(desk, generation, signal);
    const sent = await stage(desk, generation, source, options);
    const sum = await writeManifest(desk, generation, signal);
    checkSum(desk, generation, sum, sent);
    return await swing(desk, { generation, ...sum }, base, options);
  } catch (error) {
    if (!(error instanceof InDoubt)) await discard(desk, generation);
    throw error instanceof InDoubt ? error.cause : error;
  }
}

/** What was sent, where that is known. */
async function stage(
  { data, layout }: DatasetDesk,
  generation: string,
  source: Source,
  { signal, onProgress }: DatasetPublishOptions,
): Promise<Usage | undefined> {
  const uri = layout.filesOf(generation);
  if (typeof source !== "function") return (await data.copy(source, uri, { signal, onProgress })).copied;
  await source({ generation, uri, data: data.with({ root: uri }) }, signal ?? new AbortController().signal);
  signal?.throwIfAborted();
  return undefined;
}

function checkSum({ layout }: DatasetDesk, generation: string, sum: ManifestSum, sent: Usage | undefined): void {
  const uri = layout.filesOf(generation);
  if (sum.objects === 0) {
    throw new EntrepotError("not-found", `nothing to publish: no file was written to ${uri}`, {
      uri,
      hint: "write below stage.uri, or by stage.data, whose bare names lie there",
    });
  }
  if (sent === undefined || (sent.objects === sum.objects && sent.sizeBytes === sum.sizeBytes)) return;
  const message = `${uri} has ${sum.objects} files with ${sum.sizeBytes} bytes, but ${sent.objects} with ${sent.sizeBytes} were sent`;
  throw new EntrepotError("integrity", message, { uri, hint: "publish again; nothing else may write there" });
}

/** Nobody knows whether the pointer was swung, so that nothing may be taken away. */
class InDoubt extends Error {}

async function swing(
  desk: DatasetDesk,
  staged: Pick<GenerationRecord, "generation"> & ManifestSum,
  base: Pointer,
  { rebase = false, signal }: DatasetPublishOptions,
): Promise<DatasetGeneration> {
  const { data, layout, now } = desk;
  const record: GenerationRecord = { ...staged, publishedMs: now(), supersededMs: null };
  let next = base;
  let isSent = false;
  try {
    await data.update(
      layout.pointer,
      async (file) => {
        isSent = false;
        const pointer = file === undefined ? emptyPointer : parsePointer(await file.text(), layout.pointer);
        if (!rebase && pointer.sequence !== base.sequence) throw overtaken(desk, pointer, base.current);
        // From here on whoever removes them changes the pointer first, and the swap fails.
        const isCondemned = pointer.condemned.includes(record.generation);
        const isClaimed = await data.exists(layout.claimOf(record.generation), { signal });
        if (isCondemned || !isClaimed) throw collected(desk, record.generation);
        await verifyFiles(desk, record, signal);
        next = published(pointer, record);
        isSent = true;
        return formatPointer(next);
      },
      { signal, cacheControl: "no-cache" },
    );
  } catch (error) {
    if (!isSent || isEntrepotError(error, "precondition-failed")) throw error;
    next = await outcome(desk, record.generation, error, signal);
  }
  return describe(desk, record, next);
}

/** After an answer that was lost, the pointer itself says whether it was swung; a swap that is still on its way it does not show. */
async function outcome(
  desk: DatasetDesk,
  generation: string,
  error: unknown,
  signal: AbortSignal | undefined,
): Promise<Pointer> {
  const pointer = await readPointer(desk, { signal, cache: "bypass" }).catch(() => undefined);
  if (pointer?.generations.some((each) => each.generation === generation)) return pointer;
  throw new InDoubt(`whether ${generation} was published is not known`, { cause: error });
}

/** What stays is found by `gc`. */
async function discard({ unending, layout }: DatasetDesk, generation: string): Promise<void> {
  const folder = layout.folderOf(generation);
  const data = unending();
  await forgetJobs(data, layout.filesOf(generation)).catch(() => undefined);
  await data.remove(folder, { recursive: true, onError: "ignore" }).catch(() => undefined);
}

/** Nobody publishes what is resumed later. */
async function forgetJobs(data: Depot, uri: string): Promise<void> {
  for (const { id, to } of await data.jobs.list()) if (to === uri) await data.jobs.abort(id);
}

function overtaken({ layout }: DatasetDesk, now: Pointer, meant: string | null): EntrepotError {
  const { uri } = layout;
  const current = now.current ?? "nothing";
  return new EntrepotError(
    "precondition-failed",
    `${uri} is at ${current} now, not at ${meant ?? "nothing"} any more`,
    {
      uri,
      hint: "Compute from the current generation and publish again, or publish on top of it with rebase: true (--rebase). Nothing was published.",
    },
  );
}

function collected({ layout }: DatasetDesk, generation: string): EntrepotError {
  const uri = layout.filesOf(generation);
  return new EntrepotError("changed", `${uri} was taken for abandoned and removed before it was published`, {
    uri,
    hint: "publish again, and let gc wait longer (olderThan) than a publisher pauses between two writes",
  });
}
