/** `entrepot offline outbox`: what waits to be sent. */
import type { OutboxEntry } from "../../../cache/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatAge, formatCount, formatSize, formatTime } from "../../measure.ts";
import type { Message } from "../../message.ts";

export const outbox: Command = defineCommand({
  name: "offline outbox",
  summary: "what waits to be sent, and what stands against it",
  synopsis: "[options]",
  operands: { min: 0, max: 0 },
  options: {},
  notes: [
    "Writes wait where the setting outbox is on (--outbox, ENTREPOT_OUTBOX) and the server is away. Nothing is sent but by entrepot offline push.",
  ],
  examples: [
    { line: "entrepot offline outbox", says: "the id, size and address of each change" },
    { line: "entrepot offline outbox --json", says: "the same for programs, with the path of the bytes" },
  ],
  async run(call) {
    const depot = await call.depot();
    const entries = await depot.offline.outbox();
    const now = Date.now();
    for (const entry of entries) await call.output.tell(entryMessage(entry, now));
    const sizeBytes = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
    const conflicts = entries.filter(({ state }) => state === "conflict").length;
    await call.output.tell({
      text: () =>
        entries.length === 0
          ? "nothing waits to be sent"
          : `${formatCount(entries.length, "change")}, ${formatSize(sizeBytes)}${wayOut(entries, conflicts)}`,
      json: () => ({ type: "summary", changes: entries.length, sizeBytes, conflicts }),
    });
  },
});

/** What sends a change that nothing stands against sends none that is in conflict. */
function wayOut(entries: readonly OutboxEntry[], conflicts: number): string {
  const stuck = entries.filter(({ state, refusal }) => state !== "waiting" || refusal !== undefined).length;
  const push = stuck === entries.length ? "" : `; entrepot offline push sends ${stuck === 0 ? "them" : "the others"}`;
  if (conflicts === 0) return push;
  return `, ${conflicts} in conflict: offline save ID, offline discard ID, or offline push --overwrite ID${push}`;
}

function entryMessage(entry: OutboxEntry, now: number): Message {
  const { id, uri, operation, sizeBytes, createdMs, state, attempted, after, refusal, found, path } = entry;
  const what = operation === "remove" ? "removal" : formatSize(sizeBytes);
  return {
    text: () =>
      `${id}  ${what.padStart(8)}  ${formatAge(Math.max(0, now - createdMs)).padStart(6)} ago  ${printable(uri ?? path)}${stateText(entry)}`,
    json: () => ({
      type: "queued",
      id,
      uri: uri ?? null,
      operation: operation ?? null,
      sizeBytes,
      createdMs,
      state,
      attempted,
      after: after ?? null,
      refusal: refusal ?? null,
      found: found === undefined ? null : { ...found },
      path,
    }),
  };
}

function stateText(entry: OutboxEntry): string {
  const { refusal } = entry;
  return refusal === undefined ? ownState(entry) : `${ownState(entry)}  not sent by these settings: ${refusal}`;
}

function ownState({ state, found, after }: OutboxEntry): string {
  if (state === "damaged") return "  damaged: it is not sent";
  if (state === "waiting") return after === undefined ? "" : `  behind ${after}`;
  const there = found === undefined ? "nothing" : `${formatSize(found.sizeBytes)} of ${formatTime(found.modifiedMs)}`;
  return `  conflict: the server has ${there}`;
}
