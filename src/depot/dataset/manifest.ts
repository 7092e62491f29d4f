/** The manifest: a line of JSON for each file, in key order, and a digest of the lines, by which a listing is held against it. */
import { createHash } from "node:crypto";
import { EntrepotError } from "../../error/index.ts";
import { linesOf } from "../../format/index.ts";
import type { ObjectEntry } from "../entries.ts";
import type { DatasetDesk } from "./desk.ts";
import { uriBelow } from "./layout.ts";
import type { GenerationRecord } from "./pointer.ts";

export type ManifestSum = Pick<GenerationRecord, "objects" | "sizeBytes" | "manifest">;

/** Writes what lies in a generation's folder now. */
export async function writeManifest(
  { data, layout }: DatasetDesk,
  generation: string,
  signal: AbortSignal | undefined,
): Promise<ManifestSum> {
  const sum = startSum();
  const lines = filesLines({ data, layout }, generation, sum, signal);
  await data.writeLines(layout.manifestOf(generation), lines, { ifNoneMatch: "*", signal });
  return sum.end();
}

/** Looks whether the files are those of the manifest, by size, time and ETag. Error: integrity. */
export async function verifyFiles(
  { data, layout }: Pick<DatasetDesk, "data" | "layout">,
  { generation, objects, sizeBytes, manifest }: Pick<GenerationRecord, "generation"> & ManifestSum,
  signal: AbortSignal | undefined,
): Promise<void> {
  const sum = startSum();
  for await (const _ of filesLines({ data, layout }, generation, sum, signal)) {
    // the sum is what counts
  }
  const now = sum.end();
  if (now.manifest === manifest) return;
  const uri = layout.filesOf(generation);
  const found = `${now.objects} files with ${now.sizeBytes} bytes`;
  const meant = now.objects === objects && now.sizeBytes === sizeBytes ? "others" : `${objects} with ${sizeBytes}`;
  throw new EntrepotError("integrity", `${uri} holds ${found} that are not those of its manifest: ${meant}`, {
    uri,
    hint: "something else writes or removes there; publish again, and leave the folder of a generation alone",
  });
}

/** The files as the manifest has them. Errors: integrity, malformed. */
export async function* readManifest(
  { data, layout }: DatasetDesk,
  { generation, manifest }: Pick<GenerationRecord, "generation" | "manifest">,
  signal: AbortSignal | undefined,
): AsyncGenerator<ObjectEntry> {
  const uri = layout.manifestOf(generation);
  const folder = layout.filesOf(generation);
  const sum = startSum();
  for await (const line of linesOf(data.readStream(uri, { signal }), { uri })) {
    const entry = entryOf(line, folder, uri);
    sum.add(line, entry.sizeBytes);
    yield entry;
  }
  if (sum.end().manifest === manifest) return;
  throw new EntrepotError("integrity", `${uri} is not the manifest that was published`, {
    uri,
    hint: "something else wrote there; roll back to another generation, or publish again",
  });
}

async function* filesLines(
  { data, layout }: Pick<DatasetDesk, "data" | "layout">,
  generation: string,
  sum: RunningSum,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  for await (const { path, sizeBytes, etag, modifiedMs } of data.list(layout.filesOf(generation), { signal })) {
    const line = JSON.stringify({ path, sizeBytes, etag, modifiedMs });
    sum.add(line, sizeBytes);
    yield line;
  }
}

function entryOf(line: string, folder: string, uri: string): ObjectEntry {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw noManifest(uri, cause);
  }
  const { path, sizeBytes, etag, modifiedMs } = (value ?? {}) as Partial<ObjectEntry>;
  if (typeof path !== "string" || typeof etag !== "string" || typeof sizeBytes !== "number" || modifiedMs === undefined)
    throw noManifest(uri, undefined);
  const name = path.slice(path.lastIndexOf("/") + 1);
  return { kind: "object", uri: uriBelow(folder, path), path, name, sizeBytes, modifiedMs, etag, versionId: undefined };
}

function noManifest(uri: string, cause: unknown): EntrepotError {
  const hint = "something else wrote there; roll back to another generation, or publish again";
  return new EntrepotError("malformed", `${uri} is no manifest of a dataset`, { uri, cause, hint });
}

interface RunningSum {
  add(line: string, sizeBytes: number): void;
  end(): ManifestSum;
}

function startSum(): RunningSum {
  const hash = createHash("sha256");
  let objects = 0;
  let bytes = 0;
  return {
    add(line, sizeBytes) {
      hash.update(`${line}\n`);
      objects += 1;
      bytes += sizeBytes;
    },
    end: () => ({ objects, sizeBytes: bytes, manifest: hash.digest("hex") }),
  };
}
