/** What a program that is a run reads and writes, from where it asks for the run until it ends. */
import { type Depot, holdFrame, Recorder, type SeenWrite, unwatched, watchedFrame } from "../../depot/index.ts";
import { lockOf, writeLock } from "../../flow/storage/index.ts";
import { compareKeys, joinUri } from "../../uri/index.ts";

export const inputsName = "inputs.lock.json";
export const outputsName = "outputs.lock.json";

export interface Recording {
  /** Once; whatever happens, nothing more is recorded. */
  close(): Promise<void>;
}

/** Ends by itself when the program comes to its end. */
export function startRecording(data: Depot, outputUri: string): Recording {
  const outer = watchedFrame();
  const recorder = new Recorder(outer?.recorder);
  const end = holdFrame({ recorder, guard: outer?.guard });
  let ending: Promise<void> | undefined;
  const close = (): Promise<void> => {
    ending ??= (async () => {
      process.off("beforeExit", onExit);
      end();
      await unwatched(() => write(data, outputUri, recorder));
    })();
    return ending;
  };
  const onExit = (): void => {
    close().catch((cause: unknown) => {
      process.emitWarning(
        `What the run read and wrote is not recorded: ${cause instanceof Error ? cause.message : String(cause)}`,
        { type: "EntrepotWarning", detail: "Close the run before the depot: await run.close()" },
      );
    });
  };
  process.once("beforeExit", onExit);
  return { close };
}

/** Nothing for a program that did nothing. */
async function write(data: Depot, outputUri: string, recorder: Recorder): Promise<void> {
  const [reads, writes] = [recorder.reads(), recorder.writes()];
  if (reads.length === 0 && writes.length === 0) return;
  await writeLock(data, joinUri(outputUri, inputsName), lockOf(reads));
  await data.writeText(joinUri(outputUri, outputsName), formatOutputs(outputUri, writes));
}

/** One line for each, by address; those below the output folder relative to it. Which server it was, differs from machine to machine. */
function formatOutputs(outputUri: string, writes: readonly SeenWrite[]): string {
  const lines = writes
    .map(({ origin: _, ...write }) => ({
      ...write,
      uri: write.uri.startsWith(outputUri) ? `./${write.uri.slice(outputUri.length)}` : write.uri,
    }))
    .sort((a, b) => compareKeys(a.uri, b.uri))
    .map((write) => `\n    ${JSON.stringify(write)}`);
  return `{\n  "format": "entrepot outputs",\n  "version": 1,\n  "outputs": [${lines.join(",")}${lines.length > 0 ? "\n  " : ""}]\n}\n`;
}
