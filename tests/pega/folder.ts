/** A folder of its own and a depot without a cache, as tests of this disk's exports want them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";

export interface PegaFolder {
  readonly folder: string;
  readonly data: Depot;
  close(): Promise<void>;
}

export async function openPegaFolder(): Promise<PegaFolder> {
  const folder = await mkdtemp(join(tmpdir(), "entrepot-pega-"));
  const data = entrepot({ cache: false, env: {}, envFile: false });
  return {
    folder,
    data,
    async close() {
      await data.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
