/** What was to be replaced is not what somebody has read before: a precondition of the caller's own, not one of the run. */
import { EntrepotError } from "../../error/index.ts";

export class ChangedMeanwhile extends EntrepotError<"precondition-failed"> {
  constructor(what: string) {
    super("precondition-failed", `${what} was changed or removed meanwhile`, {
      hint: "read it again, and put what you changed into what is there now",
    });
  }
}
