/** Exports as frames, without those that are damaged, where somebody wants to be told of these instead of nothing at all. */
import { type EntrepotError, isEntrepotError } from "../../../error/index.ts";
import type { ExportFile } from "./export-file.ts";
import { type ReadPart, type ReadSettings, readFiles } from "./read-files.ts";

/** Files that are read at once: of those of which one is damaged, halves are tried. */
const tried = 256;

/** As `readFiles`, where `onBroken` is not there. Errors: those that speak of no single file. */
export async function* readSound(files: readonly ExportFile[], settings: ReadSettings): AsyncGenerator<ReadPart> {
  const { onBroken } = settings;
  if (onBroken === undefined) return yield* readFiles(files, settings);
  for (let first = 0; first < files.length; first += tried)
    yield* halves(files.slice(first, first + tried), settings, onBroken);
}

async function* halves(
  files: readonly ExportFile[],
  settings: ReadSettings,
  onBroken: (error: EntrepotError) => void,
): AsyncGenerator<ReadPart> {
  const parts: ReadPart[] = [];
  try {
    for await (const part of readFiles(files, settings)) parts.push(part);
  } catch (error) {
    if (!isEntrepotError(error, "malformed", "truncated", "integrity", "unsupported", "limit-exceeded")) throw error;
    if (files.length <= 1) return onBroken(error);
    const middle = Math.ceil(files.length / 2);
    yield* halves(files.slice(0, middle), settings, onBroken);
    return yield* halves(files.slice(middle), settings, onBroken);
  }
  yield* parts;
}

/** Each file once, however often it is tried. */
export function toldOnce(
  onBroken: ((error: EntrepotError) => void) | undefined,
): ((error: EntrepotError) => void) | undefined {
  if (onBroken === undefined) return undefined;
  const told = new Set<string>();
  return (error) => {
    const name = error.uri ?? error.message;
    if (told.has(name)) return;
    told.add(name);
    onBroken(error);
  };
}
