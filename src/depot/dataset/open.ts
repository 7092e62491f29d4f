/** One generation for as long as its reader wants: the pointer is read once, and what is pinned never changes. */
import { EntrepotError } from "../../error/index.ts";
import type { Depot } from "../depot.ts";
import { listingOf } from "../listing.ts";
import { durationMs } from "../units.ts";
import { type DatasetDesk, describe, readPointer, recordOf } from "./desk.ts";
import { type Lease, takeLease } from "./leases.ts";
import { readManifest } from "./manifest.ts";
import type { GenerationRecord, Pointer } from "./pointer.ts";
import type { DatasetOpenOptions, OpenDataset } from "./types.ts";

export async function openOf(desk: DatasetDesk, options: DatasetOpenOptions): Promise<OpenDataset<Depot>> {
  const { pointer, record, lease } = await pinned(desk, options);
  const { data } = desk;
  const described = describe(desk, record, pointer);
  const close = async () => lease?.release();
  return {
    ...described,
    data: data.with({ root: described.uri }),
    list: ({ signal } = {}) => listingOf(() => readManifest(desk, record, signal)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Pinned {
  readonly pointer: Pointer;
  readonly record: GenerationRecord;
  readonly lease: Lease | undefined;
}

/** More often than a dataset is swung and collected while a lease is written. */
const tries = 5;

/** A lease counts once the pointer, read again after it was written, still names the generation: see `gc`. */
async function pinned(desk: DatasetDesk, { generation, lease: duration, signal }: DatasetOpenOptions): Promise<Pinned> {
  let pointer = await readPointer(desk, { signal });
  if (duration === undefined) return { pointer, record: recordOf(desk, pointer, generation), lease: undefined };
  for (let attempt = 1; attempt <= tries; attempt++) {
    const record = recordOf(desk, pointer, generation);
    const lease = await takeLease(desk, record.generation, durationMs(duration), signal);
    pointer = await readPointer(desk, { signal, cache: "bypass" });
    if (pointer.generations.some((each) => each.generation === record.generation)) return { pointer, record, lease };
    await lease.release();
  }
  const { uri } = desk.layout;
  throw new EntrepotError("busy", `${uri} was collected under each lease that was taken`, {
    uri,
    hint: "let gc keep more generations (keep), or for longer (olderThan)",
  });
}
