/** Where new files come from and go to, and the folder of this disk that remembers which were taken. */
import { hash } from "node:crypto";
import { join } from "node:path";
import { lockJob } from "../../transfer/index.ts";
import type { Address } from "../../uri/index.ts";
import { assertMayWrite } from "../calls.ts";
import type { Context, Place } from "../context.ts";
import { diskPath } from "../disk-file.ts";
import { uriOfKey } from "../listing.ts";
import { folderKey } from "../targets.ts";
import { TakenFiles } from "./taken.ts";
import type { CopyNewOptions } from "./types.ts";

export interface Pull {
  /** The source folder. */
  readonly place: Place;
  /** Its key, `""` or ending in `/`. */
  readonly prefix: string;
  /** The target folder, ending in `/`. */
  readonly targetUri: string;
  readonly taken: TakenFiles;
  close(): Promise<void>;
}

/** Both addresses are folders, with or without their `/`. Errors: those of addresses and of the disk; busy. */
export async function pullOf(context: Context, from: Address, to: Address, options: CopyNewOptions): Promise<Pull> {
  const place = await context.placeOf(context.locate(from, "read"));
  const target = await context.placeOf(context.locate(to, "write"));
  assertMayWrite(context, target, true);
  const prefix = folderKey(place.key);
  const source = uriOfKey(place, prefix);
  const targetUri = uriOfKey(target, folderKey(target.key));
  // Buckets of the same names at other servers are others.
  const servers = [place.service?.endpoint ?? null, target.service?.endpoint ?? null] as const;
  const [sourceServer, targetServer] = servers;
  const { settings, disk } = context;
  const folder =
    options.state === undefined
      ? join(
          settings.cacheWhenOn.dir,
          "incremental",
          hash("sha256", JSON.stringify([source, targetUri, ...servers])).slice(0, 32),
        )
      : diskPath(context, options.state);
  const taken = new TakenFiles(disk, folder, { source, target: targetUri, sourceServer, targetServer });
  const base = { place, prefix, targetUri, taken };
  if (options.dryRun === true) return { ...base, close: async () => undefined };
  await disk.makeFolder(folder, 0o700);
  const lock = await lockJob(disk, folder);
  return {
    ...base,
    async close() {
      try {
        await taken.settle();
      } finally {
        await lock.release();
      }
    },
  };
}
