/** The places that every verb is tried on: memory, this disk, S3 over a socket with a cache and without. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";

export interface Bench {
  readonly data: Depot;
  readonly folder: string;
  readonly s3: S3Server | undefined;
  close(): Promise<void>;
}

const env = {};

export const backends: readonly { readonly name: string; open(): Promise<Bench> }[] = [
  {
    name: "memory",
    async open() {
      const folder = await mkdtemp(join(tmpdir(), "entrepot-"));
      const data = entrepot({
        roots: { test: "memory:///root/" },
        location: "test",
        env,
        envFile: false,
        cache: false,
      }) as Depot;
      return bench(data, folder, undefined);
    },
  },
  {
    name: "this disk",
    async open() {
      const folder = await mkdtemp(join(tmpdir(), "entrepot-"));
      const data = entrepot({
        roots: { test: join(folder, "root") },
        location: "test",
        env,
        envFile: false,
        cache: false,
      }) as Depot;
      return bench(data, folder, undefined);
    },
  },
  { name: "S3 behind a cache", open: () => openS3(true) },
  { name: "S3 without a cache", open: () => openS3(false) },
];

export async function openS3(cached: boolean): Promise<Bench & { readonly s3: S3Server }> {
  const folder = await mkdtemp(join(tmpdir(), "entrepot-"));
  const s3 = await startS3Server({ buckets: ["b"] });
  const cache = cached ? { dir: join(folder, "cache") } : (false as const);
  const data = entrepot({
    ...s3.options,
    roots: { test: "s3://b/root/" },
    location: "test",
    env,
    envFile: false,
    cache,
  }) as Depot;
  return { ...bench(data, folder, s3), s3 };
}

function bench(data: Depot, folder: string, s3: S3Server | undefined): Bench {
  return {
    data,
    folder,
    s3,
    async close() {
      await data.close();
      await s3?.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
