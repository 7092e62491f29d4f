/** Loaded into a process before all else: its clock is two hours ahead of the machine's, and so is all that it judges by it. */
const ahead = 2 * 3_600_000;
const now = Date.now;
Date.now = () => now() + ahead;
