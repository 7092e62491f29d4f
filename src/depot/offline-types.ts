/** What is known offline, as types. */
import type { Usage } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import type { CachePin } from "./cache-types.ts";
import type { SignalOptions } from "./options.ts";
import type { OutboxVerbs } from "./outbox-types.ts";

/** A server that this depot asked, or one that shares its connections. */
export interface OriginStatus {
  /** As in the event `unreachable`. */
  readonly origin: string;
  /** Since when it did not answer, milliseconds since 1970; `undefined` while nothing says so. */
  readonly unreachableSinceMs: number | undefined;
}
/** One pin, and how much of it can be read without a network. */
export interface PinStatus extends CachePin {
  readonly total: Usage;
  readonly ready: Usage;
  readonly missing: Usage & {
    /** The first of them, in key order. */
    readonly uris: readonly string[];
  };
}
export interface OfflineStatus {
  readonly network: "auto" | "online" | "offline";
  readonly origins: readonly OriginStatus[];
  readonly pins: readonly PinStatus[];
  /** Changes in the outbox, whatever their address and the option `outbox` say; `outbox()` shows them. */
  readonly waiting: number;
}
export interface Offline extends OutboxVerbs {
  /**
   * How much of what is pinned is here, all of it or below a folder; `missing`: so many addresses of what is not, default 100. Looks at
   * each copy's record and length, no byte is read and nothing is asked of a server.
   */
  status(folder?: Address, options?: SignalOptions & { readonly missing?: number | undefined }): Promise<OfflineStatus>;
}
