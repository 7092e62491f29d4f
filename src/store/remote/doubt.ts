/**
 * Whether an earlier try of a call may be the one that did what a later try finds done. Only a try whose answer was lost, or that
 * failed inside the server, leaves a doubt; one that was refused did nothing.
 */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { NeverSent } from "../../net/index.ts";
import { Refused } from "./answer.ts";
import { NeverSigned } from "./never-signed.ts";

/** Among the answers from 500 on, those that say that nothing was done. */
const nothingDone: ReadonlySet<number> = new Set([501, 503, 505, 507]);

/** Watches the failed tries of one call. */
export class Doubt {
  #cause: unknown;

  /** To be told of every failed try. */
  readonly onFailure = (failure: unknown): void => {
    if (mayHaveBeenDone(failure)) this.#cause ??= failure;
  };

  /** Whether a try may have been applied although no success came back. */
  get exists(): boolean {
    return this.#cause !== undefined;
  }

  /**
   * The error of a call that found what its own first try may have made, and cannot tell. Neither success nor a failed condition,
   * so that nobody repeats a change that may be there; and not unreachable, because the server is.
   */
  error(what: string, uri: string, found: unknown): EntrepotError {
    const words = this.#cause instanceof Refused ? "failed inside the server" : "was sent, and its answer was lost";
    return new EntrepotError(
      "server-error",
      `${uri}: an earlier try to ${what} ${words}; whether it was done is unknown`,
      {
        uri,
        hint: "Look at what is there now before trying again: the change may have been made, and replaced by somebody else's.",
        cause: found,
        retryable: false,
      },
    );
  }
}

/** Whether the server may have done what it was asked, though this is what came of it. */
function mayHaveBeenDone(failure: unknown): boolean {
  if (failure instanceof Refused) {
    const { status } = failure.refusal;
    return status >= 500 && !nothingDone.has(status);
  }
  return isEntrepotError(failure) && !(failure instanceof NeverSent) && !(failure instanceof NeverSigned);
}
