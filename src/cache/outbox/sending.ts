/** How one queued change is sent, as types: between those who know the order and those who know the server. */
import type { EntrepotError } from "../../error/index.ts";
import type { ObjectInfo, RequestOptions } from "../../store/index.ts";
import type { Condition, QueuedChange } from "./entry.ts";
import type { OutboxFolder } from "./outbox-folder.ts";
import type { Waiting } from "./waiting.ts";

/** What can be sent. */
export type OwnCondition = Exclude<Condition, { readonly after: string }>;

/** The condition for whoever comes after it. */
export interface Sent {
  readonly next: OwnCondition;
}

/** The server has something else than the condition says; `undefined`: nothing. */
export interface Conflicting {
  readonly found: ObjectInfo | undefined;
  readonly error: EntrepotError;
}

/** `undefined` for a change that was queued as somebody else. Errors: those of the change. */
export interface Senders {
  /** Why a change is not sent by these, and who sends it; `undefined`: it is. Asks nobody. */
  readonly refusal: (change: QueuedChange) => string | undefined;
  readonly send: (
    folder: OutboxFolder,
    waiting: Waiting,
    condition: OwnCondition,
    options: RequestOptions,
  ) => Promise<Sent | Conflicting | undefined>;
  /** What the server has, for a change whose condition nobody knows any more. */
  readonly look: (waiting: Waiting, options: RequestOptions) => Promise<Conflicting | undefined>;
}
