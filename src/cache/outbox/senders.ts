/** Who sends what the outbox holds: a store that asks as the same somebody, of the same origin, under the same terms. */
import { type Desk, idOf, refuseOffline } from "../desk.ts";
import type { QueuedChange } from "./entry.ts";
import type { Senders } from "./sending.ts";

/** What is behind it is loaded with the first call. */
export function sendersOf(desk: Desk): Senders {
  const isOurs = ({ key, entry, root, terms }: QueuedChange) =>
    root === desk.store.uri && entry === idOf(desk, key).hash && terms === (desk.options.outbox?.terms ?? "");
  return {
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
