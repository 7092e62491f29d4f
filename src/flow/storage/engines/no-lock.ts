/** Workers and threads read by depots of their own, which no lock of this process stands in the way of. */
import { watchedFrame } from "../../../depot/index.ts";
import { EntrepotError } from "../../../error/index.ts";

/** Error: unsupported, before anything is sent, where a lock is in force. */
export function assertNoLock(): void {
  if (watchedFrame()?.guard === undefined) return;
  throw new EntrepotError(
    "unsupported",
    "a node cannot run on an engine under a lock: what it reads there is not held to it",
    {
      hint: "leave out the engine of the driver for a frozen run",
    },
  );
}
