/** Back to a generation that is kept: a swing like any other, after a look at the files. */
import { EntrepotError } from "../../error/index.ts";
import { type DatasetDesk, describe, readPointer, recordOf } from "./desk.ts";
import { verifyFiles } from "./manifest.ts";
import { emptyPointer, formatPointer, type Pointer, parsePointer, swungTo } from "./pointer.ts";
import type { DatasetGeneration, DatasetRollbackOptions } from "./types.ts";

export async function rollbackOf(
  desk: DatasetDesk,
  generation: string | undefined,
  { signal, dryRun = false }: DatasetRollbackOptions,
): Promise<DatasetGeneration> {
  const { data, layout, now } = desk;
  if (dryRun) {
    const pointer = await readPointer(desk, { signal, cache: "bypass" });
    const record = recordOf(desk, pointer, generation ?? before(desk, pointer));
    await verifyFiles(desk, record, signal);
    return describe(desk, record, pointer);
  }
  let next = emptyPointer;
  let chosen = "";
  await data.update(
    layout.pointer,
    async (file) => {
      const pointer = file === undefined ? emptyPointer : parsePointer(await file.text(), layout.pointer);
      const record = recordOf(desk, pointer, generation ?? before(desk, pointer));
      chosen = record.generation;
      await verifyFiles(desk, record, signal);
      next = pointer.current === chosen ? pointer : swungTo(pointer, chosen, now());
      return formatPointer(next);
    },
    { signal, cacheControl: "no-cache" },
  );
  return describe(desk, recordOf(desk, next, chosen), next);
}

/** The one that was published before the current one. */
function before(desk: DatasetDesk, pointer: Pointer): string {
  const current = recordOf(desk, pointer, undefined);
  const older = pointer.generations[pointer.generations.indexOf(current) + 1];
  if (older !== undefined) return older.generation;
  const { uri } = desk.layout;
  throw new EntrepotError("not-found", `${uri} keeps no generation older than ${current.generation}`, {
    uri,
    hint: "history() (entrepot dataset history) names those that are kept",
  });
}
