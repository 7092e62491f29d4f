/** Names in one folder of this machine. */
import type { Disk } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";

export interface Name {
  readonly name: string;
  readonly isFolder: boolean;
}

/** Those in `folder` that begin with `start`, in order; hidden ones only for who begins with a dot. None where it cannot be looked at. */
export async function localNames(
  disk: Pick<Disk, "readFolder" | "stat">,
  folder: string,
  start: string,
): Promise<readonly Name[]> {
  const entries = (await lookAt(() => disk.readFolder(folder))) ?? [];
  const wanted = entries.filter(({ name }) => name.startsWith(start) && (start !== "" || !name.startsWith(".")));
  const names = wanted.map(async ({ name, kind }): Promise<Name> => {
    if (kind !== "link") return { name, isFolder: kind === "folder" };
    const target = await lookAt(() => disk.stat(`${folder}/${name}`, { followLinks: true }));
    return { name, isFolder: target?.kind === "folder" };
  });
  return (await Promise.all(names)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function lookAt<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (isEntrepotError(error)) return undefined;
    throw error;
  }
}
