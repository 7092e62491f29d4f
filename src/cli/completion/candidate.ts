/** What could stand where somebody pressed TAB, before a shell's quoting. */

export interface Candidate {
  /** The whole word. */
  readonly value: string;
  /** Whether the word goes on after it, as after a folder: no space then. */
  readonly goesOn: boolean;
  /** How lists show it, where that is shorter than the word. */
  readonly shown?: string | undefined;
  /** What it is, for shells that say it. */
  readonly says?: string | undefined;
}

/** A word that is complete. */
export function whole(value: string, says?: string): Candidate {
  return { value, goesOn: false, says };
}
