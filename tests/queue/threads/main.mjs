// @ts-nocheck: plain JavaScript, as a module of a user may be
// A program of a user: the same flow here and in threads. Prints one line of JSON.
import { driver, threadsEngine } from "entrepot/flow";
import { flow } from "./flow.mjs";

const engine = await threadsEngine({ module: new URL("./flow.mjs", import.meta.url), threads: 2 });
const inputs = { count: 100 };
const here = await driver(flow).execute(["results", "baseline"], { inputs });
const there = await driver(flow, { engine }).execute(["results", "baseline", "threads"], { inputs });
const failure = await driver(flow, { engine })
  .execute(["wrong"])
  .catch((error) => error);
const signal = AbortSignal.timeout(300);
const aborted = await driver(flow, { engine })
  .execute(["endless"], { signal })
  .catch((error) => error);
const after = await driver(flow, { engine }).execute(["results"], { inputs });
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
await engine.close();
process.stdout.write(
  JSON.stringify({
    same: same(there.results, here.results) && same([...there.baseline], [...here.baseline]),
    threads: new Set(there.threads).size,
    failure: String(failure),
    aborted: aborted === signal.reason,
    after: same(after.results, here.results),
  }),
);
