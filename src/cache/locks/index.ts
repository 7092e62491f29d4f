/** Between processes: whose turn it is to bring an object, and when what was brought was true. */
export type { Answered } from "./answered.ts";
export { Answers } from "./answers.ts";
export type { HeldLock } from "./held-lock.ts";
export { Locks, type LocksOptions, type Taken } from "./locks.ts";
export { systemTicks, type Ticks } from "./ticks.ts";
