/**
 * What an interrupted `cp -r` meant by its target: the folder that it was to become is there by now, and said again the same words would
 * go into it. The job that was begun knows.
 */
import type { Depot, JobStatus } from "../depot/index.ts";
import { isEntrepotError } from "../error/index.ts";
import { printable } from "./escape.ts";
import type { Message } from "./message.ts";

/** Whether a job that copies `from` to `to` was begun and is not finished, later than one to `instead`. */
export type IsBegun = (from: string, to: string, instead: string) => Promise<boolean>;

/** Asks the journals of `depot`; `say` is told of the job that is gone on with. */
export function begunCopies(
  depot: Pick<Depot, "resolve" | "jobs">,
  verb: "copy" | "move",
  say: (message: Message) => void,
): IsBegun {
  return async (from, to, instead) => {
    const source = depot.resolve(from, { for: verb === "move" ? "write" : "read" });
    const jobs = await listed(depot);
    const latest = (target: string): JobStatus | undefined => {
      const uri = depot.resolve(target, { for: "write" });
      const same = jobs.filter((job) => job.verb === verb && job.from === source && asFolder(job.to) === uri);
      return same.sort((a, b) => b.changedMs - a.changedMs)[0];
    };
    const found = latest(to);
    if (found === undefined || (latest(instead)?.changedMs ?? 0) > found.changedMs) return false;
    say(goingOn(found));
    return true;
  };
}

/** What cannot be read of the journals decides nothing. */
async function listed({ jobs }: Pick<Depot, "jobs">): Promise<readonly JobStatus[]> {
  try {
    return await jobs.list();
  } catch (error) {
    if (isEntrepotError(error)) return [];
    throw error;
  }
}

function asFolder(uri: string | undefined): string | undefined {
  return uri === undefined || uri.endsWith("/") ? uri : `${uri}/`;
}

function goingOn({ id, from = "", to = "" }: JobStatus): Message {
  return {
    text: () => `note: going on with the unfinished job ${id}: ${printable(from)} -> ${printable(to)}`,
    json: () => ({ type: "resumed", id, from, to }),
  };
}
