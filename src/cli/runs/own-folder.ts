/** Where a program of a worker finds `entrepot` by its name, however the worker itself was started. */
import path from "node:path";
import { openNodeDisk } from "../../disk/index.ts";

/** The folder that holds the command `entrepot` of this very program; `undefined` where it was started without one. */
export async function ownFolder(script: string | undefined): Promise<string | undefined> {
  if (script === undefined) return undefined;
  const disk = openNodeDisk();
  const real = await disk.realPath(script).catch(() => script);
  const at = real.lastIndexOf(`${path.sep}node_modules${path.sep}`);
  const bin = at < 0 ? [] : [path.join(real.slice(0, at), "node_modules", ".bin")];
  for (const folder of [path.dirname(path.resolve(script)), ...bin])
    if (((await disk.readFolder(folder).catch(() => undefined)) ?? []).some(({ name }) => name === "entrepot"))
      return folder;
  return undefined;
}

/** Behind what is on it already: what somebody installed there comes first. */
export function pathWith(before: string | undefined, folder: string | undefined): string | undefined {
  if (before === undefined || before === "" || folder === undefined) return before;
  return before.split(path.delimiter).includes(folder) ? before : `${before}${path.delimiter}${folder}`;
}
