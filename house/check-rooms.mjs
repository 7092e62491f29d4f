/** Fails when an import breaks the table of rooms, and when nothing was read. */
import { existsSync } from "node:fs";
import { cruiseImports } from "./depcruise.mjs";
import { root } from "./doors.mjs";

const parts = ["src", "tests", "examples", "bench"].filter((part) => existsSync(`${root}${part}`));
const { modules, violations } = await cruiseImports(root, parts);
for (const violation of violations) console.error(`rooms: ${violation}`);
// A cruiser that cannot read TypeScript reads nothing and finds nothing wrong.
if (modules === 0) console.error("rooms: no module was read");
console.log(`rooms: ${modules} modules, ${violations.length} violations`);
process.exitCode = violations.length > 0 || modules === 0 ? 1 : 0;
