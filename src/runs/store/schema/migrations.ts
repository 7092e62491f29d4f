/** Every version of the tables, in order: what is released is never changed, its checksum is in the database of every user. */
import { version1 } from "./version-1.ts";
import { version2 } from "./version-2.ts";

export interface Migration {
  /** Counts up from 1 without a gap. */
  readonly version: number;
  /** Statements without values. */
  readonly text: string;
}

export const migrations: readonly Migration[] = [
  { version: 1, text: version1 },
  { version: 2, text: version2 },
];
