// @ts-nocheck: plain JavaScript, as a module of a user may be
// A program of a user: the flow over a worker and an embedded database, both in this process. Prints one line of JSON.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { driver, flowWorker, queueEngine } from "entrepot/flow";
import { flow } from "./flow.mjs";

const folder = await mkdtemp(join(tmpdir(), "entrepot-over-queue-"));
const place = { database: join(folder, "db"), store: join(folder, "values") };
const engine = await queueEngine(place);
const worker = await flowWorker({ ...place, flow, concurrency: 2 });
const inputs = { count: 20 };
const here = await driver(flow).execute(["results", "baseline"], { inputs });
const there = await driver(flow, { engine }).execute(["results", "baseline"], { inputs });
await worker.stop();
await engine.close();
await rm(folder, { recursive: true });
const same = JSON.stringify(there.results) === JSON.stringify(here.results);
process.stdout.write(JSON.stringify({ same, baseline: there.baseline.length }));
