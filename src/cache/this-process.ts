/**
 * What goes on in cache folders in this process: uses, turns, changes and locks that stayed. They belong to the folder and not to whoever opened
 * it, and two openings cannot know of each other, so this is global: by absolute path, and empty whenever nothing goes on on a sound disk.
 * Other processes, and other names of one folder, are told by leases.
 */
import { Changes } from "./changes.ts";
import { InUse } from "./in-use.ts";
import { Turns } from "./turns.ts";

/** By the path of the data file. */
export const inUse: InUse = new InUse();
/** By the path of the record. */
export const turns: Turns = new Turns();
/** The texts of locks that could not be taken away again: nobody works under them. */
export const leftLocks: Set<string> = new Set();
/** To be narrowed to one folder with `within`. */
export const changes: Changes = new Changes();
