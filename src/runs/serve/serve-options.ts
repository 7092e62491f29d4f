/** What the server of runs is told, and what one gets. */
import type { RunStore } from "../store/index.ts";
import type { ServedRequest } from "./app.ts";

export interface ServeRunsOptions {
  readonly store: RunStore;
  /** Default `127.0.0.1`. One that other machines reach also needs `public` and at least one token. */
  readonly host?: string | undefined;
  /** Let `host` be an address that other machines reach. Default false. */
  readonly public?: boolean | undefined;
  /** Default 0: a free one. */
  readonly port?: number | undefined;
  /** The address under which browsers reach it, such as that of a proxy that speaks TLS. Default: that of host and port. */
  readonly origin?: string | undefined;
  /** Only show. Default false. */
  readonly readOnly?: boolean | undefined;
  /** After a run was started or tried again; its failure is the answer's. Default: `submitRun`, which sends its tasks to workers. */
  readonly onStart?: ((runId: string) => Promise<unknown>) | undefined;
  /** Told each request once it is answered. */
  readonly log?: ((request: ServedRequest) => void) | undefined;
  /** Told failures that are the server's own, and the id of the request, which is all that its answer says of them. */
  readonly onInternalError?: ((error: unknown, requestId: string) => void) | undefined;
  /** Milliseconds since 1970. For tests. */
  readonly now?: (() => number) | undefined;
}

export interface ServedRuns extends AsyncDisposable {
  /** Without a final slash. */
  readonly url: string;
  readonly port: number;
  /** The page with a code that signs in once, within 15 minutes; as admin, or to read where the server is `readOnly`. */
  newSignInUrl(): string;
  /** Ends connections, also those that are busy. */
  close(): Promise<void>;
}
