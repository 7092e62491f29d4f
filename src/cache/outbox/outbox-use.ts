/** How one store uses the outbox, as types. */

/** What was queued, or given although it is only queued. */
export interface QueuedNotice {
  readonly uri: string;
  /** As `offline outbox` names it. */
  readonly id: string;
  /** `"read"`: this is what a read was given, not what the server has. */
  readonly operation: "write" | "remove" | "read";
}

export interface OutboxUse {
  /** Whether changes may wait there; what waits already can be sent in any case. */
  readonly queues: boolean;
  /** What of the settings decides how a change is made: whoever sends it must say the same. Never a secret. */
  readonly terms: string;
  /** Writes take a key that may lie on no disk: they are refused instead of queued. */
  readonly hasCustomerKey: boolean;
  readonly onQueued?: ((notice: QueuedNotice) => void) | undefined;
}
