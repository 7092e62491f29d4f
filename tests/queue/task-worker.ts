/** A process of its own that takes tasks of the queue "tasks", for `tasks.test.ts`. Says what it began on a line. */
import { setTimeout as pause } from "node:timers/promises";
import { databasePlace, openDatabase, openQueue } from "../../src/queue/index.ts";

const database = await openDatabase({ ...databasePlace(process.argv[2] ?? ""), connections: 4 });
const queue = await openQueue(database, {
  name: process.argv[3],
  heartbeatSeconds: Number(process.argv[4] ?? 10),
});
queue.work(async ({ data, attempt }) => {
  process.stdout.write(`${JSON.stringify({ data, attempt })}\n`);
  if (data["hangs"] === "always" || (data["hangs"] === true && attempt === 1)) await pause(1_000_000);
  // computes, and so does not hear or say anything meanwhile
  for (const untilMs = Date.now() + Number(data["computesMs"] ?? 0); Date.now() < untilMs; );
  return { by: process.pid };
});
process.stdout.write("ready\n");
await pause(1_000_000);
