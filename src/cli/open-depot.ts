/** From the values of the command line to a depot; the first place where the library itself is loaded. */
import {
  type Depot,
  type DepotEvent,
  type DepotSeams,
  type EntrepotOptions,
  openDepot as openWithSeams,
  parseEnvFile,
} from "../depot/index.ts";
import { openNodeDisk } from "../disk/index.ts";
import { type EntrepotError, isEntrepotError } from "../error/index.ts";
import type { CallOptions } from "./command.ts";
import { mergeDotenv } from "./dotenv.ts";
import { eventMessage, toldToAll } from "./event-message.ts";
import { watchFirstAnswer } from "./first-answer.ts";
import { depotOptions, type GlobalValues } from "./global-options.ts";
import type { Host } from "./host.ts";
import type { Output } from "./output.ts";
import { watchSlowTries } from "./slow-tries.ts";

/** The depot's options: those of the command line over the environment, the working folder's `.env` below it. */
export async function callOptions(
  values: GlobalValues,
  host: Pick<Host, "env" | "workingFolder">,
): Promise<CallOptions> {
  const { env, fromDotenv, refused } = mergeDotenv(host.env, await readDotenv(host.workingFolder));
  return { options: { ...depotOptions(values), env }, fromDotenv, refused };
}

export interface OpenOptions {
  /** Ends every call. */
  readonly signal: AbortSignal;
  /** Ends the command, through `signal`: trying again would be in vain. */
  readonly giveUp: (error: EntrepotError) => void;
  readonly output: Output;
  /** Say every request, too. */
  readonly debug: boolean;
  readonly workload: DepotSeams["workload"];
}

/** A depot whose events are said on standard error. With `retries` in the options nothing is given up before its time. */
export function openDepot(options: EntrepotOptions, { signal, giveUp, output, debug, workload }: OpenOptions): Depot {
  const watched = watchFirstAnswer();
  const isSlow = watchSlowTries();
  const staleUris = new Set<string | undefined>();
  const onEvent = (event: DepotEvent) => {
    if (event.type === "stale") {
      // a folder that is looked into twice is as old both times
      if (staleUris.has(event.uri)) return;
      staleUris.add(event.uri);
    }
    const slow = isSlow(event);
    const error = event.type === "retry" && options.retries === undefined ? watched.giveUp(event.delayMs) : undefined;
    if (error !== undefined) return giveUp(error);
    // who waits at a terminal is told why
    const forEveryone = toldToAll.has(event.type) || (slow && output.isTerminal);
    if (debug || (forEveryone && !output.quiet)) output.say(eventMessage(event));
  };
  const base = openWithSeams({ ...options, onEvent }, { watch: watched.watch, workload });
  return {
    ...base.with({ signal }),
    // closing a derived depot would end nothing
    close: () => base.close(),
  };
}

async function readDotenv(folder: string): Promise<Readonly<Record<string, string>>> {
  try {
    const { bytes } = await openNodeDisk().readFile(`${folder}/.env`, { followLinks: true, maxBytes: 1 << 20 });
    return parseEnvFile(new TextDecoder().decode(bytes));
  } catch (error) {
    // a folder of this name, or a file that we may not read, decides nothing
    if (isEntrepotError(error, "not-found", "forbidden", "io")) return {};
    throw error;
  }
}
