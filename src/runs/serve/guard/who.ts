/** Who may be signed in, and who asks. */
import type { TokenRole } from "../../store/index.ts";

export interface Person {
  readonly name: string;
  readonly role: TokenRole;
  readonly models: readonly string[] | undefined;
}

export interface Caller {
  readonly name: string;
  readonly role: TokenRole | "none";
  /** The only models that it may see; `undefined`: all. */
  readonly models: readonly string[] | undefined;
  /** The session, where it came with one. */
  readonly session: string | undefined;
  /** Whose share of what is limited it takes: the same for a token and all sessions that were begun with it. */
  readonly holder: string;
  /** Whether its token or session is still good, for what goes on after the answer has begun. */
  readonly isStill: () => Promise<boolean>;
}
