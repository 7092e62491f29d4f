/** A cell that is not what its column is to be. Who knows the text that it stands in says the line, too. */
import { EntrepotError } from "../../error/index.ts";

export interface Unfit {
  readonly uri: string;
  readonly column: string;
  /** As it is written in the file. */
  readonly text: string;
  /** As it is shown; default in quotes. */
  readonly shown?: string | undefined;
  /** E.g. `which is no date`. */
  readonly fault: string;
  readonly hint: string;
  readonly cause?: unknown;
}

export class UnfitCell extends EntrepotError<"malformed"> {
  readonly unfit: Unfit;

  constructor(unfit: Unfit) {
    super("malformed", messageOf(unfit), unfit);
    this.unfit = unfit;
  }

  /** `place`: e.g. `line 3`. */
  at(place: string): EntrepotError {
    const { unfit } = this;
    return new EntrepotError("malformed", messageOf(unfit, `, ${place}`), { ...unfit, cause: this.cause });
  }
}

function messageOf({ uri, column, text, shown = shownText(text), fault }: Unfit, place = ""): string {
  return `${uri} has ${shown} in column ${JSON.stringify(column)}${place}, ${fault}`;
}

export function shownText(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
