/** This process as the holder of a folder: it serves, beats, and stops when the folder is not its own any more. */
import { join } from "node:path";
import type { Disk } from "../../disk/index.ts";
import type { Clock } from "../clock.ts";
import { beatMs, type Taken } from "./folder-lock.ts";
import { type Serving, startServing } from "./serving.ts";
import { removeSocketFolder } from "./socket-folder.ts";

export interface HoldOptions {
  readonly folder: string;
  readonly socketFolder: string;
  readonly taken: Taken;
  readonly disk: Disk;
  readonly clock: Clock;
}

export interface Holding {
  readonly socketFolder: string;
  readonly isServing: boolean;
  release(): Promise<void>;
}

/** Resolves when it serves; what fails gives the folder back first. Errors as `startServing`, and those of the disk. */
export async function hold({ folder, socketFolder, taken, disk, clock }: HoldOptions): Promise<Holding> {
  const tidy = async (): Promise<void> => {
    await removeSocketFolder(disk, socketFolder);
    await taken.release();
  };
  let serving: Serving | undefined;
  let isServing = true;
  const endBeats = clock.every(beatMs, () => {
    void taken.beat().then((isOurs) => (isOurs ? undefined : serving?.kill()));
  });
  try {
    if (taken.before !== undefined) await removeSocketFolder(disk, taken.before.socketFolder);
    await disk.makeFolder(socketFolder, 0o700);
    const data = join(folder, "data");
    await disk.makeFolder(data, 0o700);
    serving = await startServing({ data, socketFolder, isOurs: taken.isOurs });
  } catch (error) {
    endBeats();
    await tidy();
    throw error;
  }
  const { ended: threadEnded, stop } = serving;
  const ended = threadEnded.then(async () => {
    isServing = false;
    endBeats();
    await tidy();
  });
  // Where the disk fails, the folder is free when this process ends.
  ended.catch(() => undefined);
  return {
    socketFolder,
    get isServing() {
      return isServing;
    },
    release: async () => {
      await stop();
      await ended;
    },
  };
}
