/** `entrepot offline status`: how much of what is pinned is here. Sends nothing. */
import type { OfflineStatus, PinStatus } from "../../../depot/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatAge, formatNumber, formatSize } from "../../measure.ts";
import type { JsonObject, Message } from "../../message.ts";

/** Addresses of what is missing: as many for people, as many for programs. */
const fewMissing = 10;
const manyMissing = 1_000;

export const status: Command = defineCommand({
  name: "offline status",
  summary: "how much of what is pinned is here, what is missing, what waits",
  synopsis: "[options] [<folder>]",
  operands: { min: 0, max: 1 },
  options: {},
  notes: [
    "Ends with 5 when something pinned is missing, or when nothing is pinned at the address. Sends nothing, and reads no copy: entrepot cache verify does.",
  ],
  examples: [
    { line: "entrepot offline status", says: "everything that is pinned" },
    { line: "entrepot offline status --json s3://my-bucket/data/", says: "one folder, for programs" },
  ],
  async run(call, _, [folder]) {
    const depot = await call.depot();
    const found = await depot.offline.status(folder, { missing: call.output.json ? manyMissing : fewMissing });
    const now = Date.now();
    for (const pin of found.pins) await call.output.tell(pinMessage(pin, now));
    await call.output.tell(sumMessage(found, folder === undefined ? undefined : depot.resolve(folder)));
    const isNothing = found.pins.length === 0 && folder !== undefined;
    if (isNothing || found.pins.some(({ missing }) => missing.objects > 0)) call.endWith("not-cached");
  },
});

function pinMessage(pin: PinStatus, now: number): Message {
  return { text: () => pinText(pin, now), json: () => ({ type: "pin", ...pinJson(pin) }) };
}

function pinText({ uri, kind, total, ready, missing, listedMs, complete }: PinStatus, now: number): string {
  const what = kind === "list" ? `a list in ${printable(uri)}` : printable(uri);
  const count = `${formatNumber(ready.objects)} of ${formatNumber(total.objects)} ready (${formatSize(ready.sizeBytes)})`;
  const more = missing.objects - missing.uris.length;
  const others = more > 0 ? ` and ${formatNumber(more)} more` : "";
  const lacking = missing.objects === 0 ? "" : `, missing: ${missing.uris.map(printable).join(", ")}${others}`;
  const overtaken = !complete && (kind === "folder" || kind === "prefix") ? "; not all there is is known" : "";
  return `${what}: ${count}${lacking}; as of ${formatAge(Math.max(0, now - listedMs))} ago${overtaken}`;
}

function pinJson({ total, ready, missing, ...pin }: PinStatus): JsonObject {
  return { ...pin, total: { ...total }, ready: { ...ready }, missing: { ...missing, uris: [...missing.uris] } };
}

function sumMessage({ network, pins, waiting }: OfflineStatus, folder: string | undefined): Message {
  const lacking = pins.reduce((sum, { missing }) => sum + missing.objects, 0);
  const where = folder === undefined ? "" : ` at ${printable(folder)}`;
  const unpinned = pins.length > 0 ? [] : [`nothing is pinned${where}; entrepot cache pin keeps a folder`];
  const changes = waiting === 1 ? "1 change waits" : `${formatNumber(waiting)} changes wait`;
  const unsent = waiting === 0 ? [] : [`${changes} to be sent: entrepot offline outbox shows what`];
  const lines = [...unpinned, ...unsent];
  return {
    text: () => (lines.length === 0 ? undefined : lines.join("\n")),
    json: () => ({ type: "summary", network, pins: pins.length, missing: lacking, waiting }),
  };
}
