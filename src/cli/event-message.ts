/** What the library tells while it works, as messages: offline copies and warnings for all, requests for `--debug`. */
import type { DepotEvent } from "../depot/index.ts";
import { printable, printableLines } from "./escape.ts";
import { formatAge, formatCount, formatSize } from "./measure.ts";
import type { JsonObject, Message } from "./message.ts";

/** Events that everybody is told, not only who asks with --debug. */
export const toldToAll: ReadonlySet<DepotEvent["type"]> = new Set([
  "stale",
  "queued",
  "unreachable",
  "reachable",
  "warning",
]);

export function eventMessage(event: DepotEvent): Message {
  return { text: () => eventText(event), json: () => eventJson(event) };
}

function eventText(event: DepotEvent): string {
  const uri = printable(event.uri ?? "");
  switch (event.type) {
    case "stale":
      return `note: ${uri}: as of ${formatAge(event.ageMs)} ago; the server was not asked`;
    case "queued":
      return event.operation === "read"
        ? `note: ${uri}: this is what waits here as ${event.id}, not what the server has`
        : `note: ${uri}: queued as ${event.id}: will be sent by entrepot offline push`;
    case "unreachable":
      return `note: ${printable(event.origin)} cannot be reached; copies that are kept here can be read with --offline`;
    case "reachable":
      return `note: ${printable(event.origin)} answers again after ${formatAge(event.awayMs)}`;
    case "slowed":
      return `note: ${printable(event.origin)} wants to be asked less; going on with ${formatCount(event.concurrency, "request")} at a time`;
    case "recovered":
      return `note: ${printable(event.origin)} takes ${formatCount(event.concurrency, "request")} at a time again after ${formatAge(event.slowMs)}`;
    case "warning":
      return `warning: ${printableLines(event.error.message)}`;
    case "retry":
      return `note: ${uri}: no answer to try ${event.attempt}; the next in ${(event.delayMs / 1000).toFixed(1)} s`;
    case "request":
      return `debug: ${event.method} ${event.status} ${event.ms.toFixed(1)} ms, ${formatSize(event.sentBytes)} sent, ${formatSize(event.receivedBytes)} received: ${uri}`;
  }
}

function eventJson(event: DepotEvent): JsonObject {
  if (event.type === "request") return { ...event, uri: event.uri ?? null, failure: event.failure ?? null };
  if (event.type !== "warning") return { ...event, uri: event.uri ?? null };
  return { type: "warning", uri: event.uri ?? null, error: event.error.toJSON() as JsonObject };
}
