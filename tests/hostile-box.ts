/** A box for archives that were made to harm: what comes of one, and that nothing outside of its target was touched. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { expect } from "vitest";

export interface Box {
  readonly folder: string;
  readonly data: Depot;
  /** The code that an archive is refused with, or `=` and what came out of it. */
  unpacked(name: string, bytes: Uint8Array, options?: Parameters<Depot["unpack"]>[2]): Promise<string>;
  close(): Promise<void>;
}

export async function openBox(): Promise<Box> {
  const folder = await mkdtemp(join(tmpdir(), "entrepot-attack-"));
  await mkdir(join(folder, "box"));
  await writeFile(join(folder, "secret"), "mine");
  const data = entrepot({ env: {}, envFile: false, cache: false }) as Depot;
  return {
    folder,
    data,
    async unpacked(name, bytes, options = {}) {
      await data.writeBytes(`memory:///${name}`, bytes);
      const target = join(folder, "box", "out");
      let said: string;
      try {
        await data.unpack(`memory:///${name}`, target, options);
        said = `=${(await all(target)).join(" ")}`;
        await rm(target, { recursive: true });
      } catch (error) {
        said = String((error as { code?: string }).code ?? (error as Error).stack);
        expect((error as { hint?: string }).hint).toEqual(expect.any(String));
      }
      expect(await all(folder)).toEqual(["box", "secret"]);
      expect(await readFile(join(folder, "secret"), "utf8")).toBe("mine");
      return said;
    },
    async close() {
      await data.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function all(path: string): Promise<string[]> {
  return (await readdir(path, { recursive: true })).sort();
}
