/** A process of its own that holds one copy until it is killed, for `src/cache/processes.test.ts`. Prints the path. */
import { openCache, openCircuit } from "../src/cache/index.ts";
import { openNodeDisk } from "../src/disk/index.ts";
import { openLocalStore } from "../src/store/index.ts";

const [dir = "", remote = ""] = process.argv.slice(2);
const disk = openNodeDisk();
const cache = openCache({ disk, dir, now: Date.now, host: "host" });
const store = openLocalStore({ disk, root: remote, uri: "s3://bucket/" });
const options = { identity: ["local", remote], circuit: openCircuit(Date.now), network: "online" } as const;
const held = await cache.wrap(store, options).hold("k");
process.stdout.write(`${held.path}\n`);
setInterval(() => undefined, 60_000);
