/** A bucket that Pega exports to, over a socket, and a folder of this disk. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { type PegaRepository, pegaRepository } from "entrepot/pega";
import { type S3Server, startS3Server } from "entrepot/testing";

export interface PegaWorld {
  readonly s3: S3Server;
  readonly data: Depot;
  readonly folder: string;
  readonly downloadDir: string;
  readonly pega: PegaRepository;
  put(key: string, body?: string | Uint8Array): Promise<void>;
  /** Operations since the last time this was asked. */
  operations(): string[];
  close(): Promise<void>;
}

export async function openPegaWorld(): Promise<PegaWorld> {
  const folder = await mkdtemp(join(tmpdir(), "entrepot-pega-"));
  const s3 = await startS3Server({ buckets: ["testbucket"] });
  const data = entrepot({ ...s3.options, cache: { dir: join(folder, "cache") }, env: {}, envFile: false });
  const downloadDir = join(folder, "s3_download");
  return {
    s3,
    data,
    folder,
    downloadDir,
    pega: pegaRepository(data, "s3://testbucket/", { downloadDir }),
    async put(key, body = key) {
      const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
      await data.with({ cache: false }).writeBytes({ bucket: "testbucket", key }, bytes);
      s3.clearRequests();
    },
    operations() {
      const seen = s3.requests.map(({ operation }) => String(operation));
      s3.clearRequests();
      return seen;
    },
    async close() {
      await data.close();
      await s3.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
