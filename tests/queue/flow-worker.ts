/** A process of its own that runs nodes of the flow in `flows/policies.ts`, for `flow-engine.test.ts`. */
import { setTimeout as pause } from "node:timers/promises";
import { flowWorker } from "../../src/flow/index.ts";
import { flow } from "./flows/policies.ts";

const [database = "", store = "", concurrency = "2", heartbeat = "10"] = process.argv.slice(2);
const worker = await flowWorker({
  flow,
  database,
  store,
  concurrency: Number(concurrency),
  heartbeatSeconds: Number(heartbeat),
});
process.once("SIGTERM", () => {
  const stopped = worker.stop();
  process.stdout.write("stops\n");
  void stopped.then(() => process.exit(0));
});
process.stdout.write("ready\n");
await pause(1_000_000);
