/** Who sends what the outbox holds: a store that asks as the same somebody, of the same origin, under the same terms. */
import { type Desk, idOf, refuseOffline } from "../desk.ts";
import type { QueuedChange } from "./entry.ts";
import type { Senders } from "./sending.ts";

const otherOrigin =
  "queued for another endpoint, or signed where this is anonymous (or the reverse); push with the settings it was queued with";
const otherTerms =
  "queued under another encryption (sse) or expectedBucketOwner; push with the settings it was queued with";

/** What is behind it is loaded with the first call. */
export function sendersOf(desk: Desk): Senders {
  const refusal = ({ key, entry, root, terms }: QueuedChange) => {
    if (root !== desk.store.uri || entry !== idOf(desk, key).hash) return otherOrigin;
    return terms === (desk.options.outbox?.terms ?? "") ? undefined : otherTerms;
  };
  const isOurs = (change: QueuedChange) => refusal(change) === undefined;
  return {
    refusal,
    send: async (folder, waiting, condition, options) => {
      if (!isOurs(waiting.change)) return undefined;
      refuseOffline(desk, waiting.change.uri, "send what waits for");
      const { send } = await import("./behind-the-door.ts");
      return send(desk, folder, waiting, condition, options);
    },
    look: async ({ change }, options) => {
      if (!isOurs(change)) return undefined;
      refuseOffline(desk, change.uri, "send what waits for");
      const { conflictOf } = await import("./behind-the-door.ts");
      return conflictOf(desk, change, options);
    },
  };
}
