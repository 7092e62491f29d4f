/** One job, as it is told. */
import type { JobStatus } from "../depot/index.ts";
import { printable } from "./escape.ts";
import { formatAge, formatNumber, formatSize } from "./measure.ts";
import type { JsonObject, Message } from "./message.ts";
import { type ShowAddress, showAddressesIn } from "./shown-address.ts";

/** How many failures are told in text; programs are given all that is known. */
const shownFailures = 5;

export function jobMessage(job: JobStatus, now: number, show: ShowAddress): Message {
  return { text: () => jobText(job, now, show), json: () => jobJson(job) };
}

function jobText(job: JobStatus, now: number, show: ShowAddress): string {
  const {
    id,
    state,
    verb,
    from = "a list",
    to,
    objects,
    sizeBytes,
    doneObjects,
    failed,
    failedObjects,
    changedMs,
  } = job;
  if (state === "damaged")
    return `${id}  damaged  ${formatAge(Math.max(0, now - changedMs))} ago  its journal cannot be read`;
  const target = to === undefined ? "" : ` -> ${printable(show(to))}`;
  const done = verb === "remove" ? "" : `${formatNumber(doneObjects)} of `;
  const sum = `${done}${formatNumber(objects)} objects, ${formatSize(sizeBytes)}`;
  const age = formatAge(Math.max(0, now - changedMs));
  const lines = [`${id}  ${stateText(job)}  ${age} ago  ${verb} ${printable(show(from))}${target}  (${sum})`];
  for (const { uri, message } of failed.slice(0, shownFailures)) {
    const words = message.includes(uri) ? message : `${uri}: ${message}`;
    lines.push(`    ${showAddressesIn(printable(words), show)}`);
  }
  if (failedObjects > shownFailures) lines.push(`    … and ${failedObjects - shownFailures} more`);
  return lines.join("\n");
}

function stateText({ state, pid }: JobStatus): string {
  return state === "running" ? `running as ${pid}` : state;
}

export function jobJson(job: JobStatus): JsonObject {
  const { verb = null, from = null, to = null, pid = null, failed, ...rest } = job;
  const failures = failed.map(({ target = null, ...failure }) => ({ ...failure, target }));
  return { type: "job", ...rest, verb, from, to, pid, failed: failures };
}
