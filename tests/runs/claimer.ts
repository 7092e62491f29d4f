/** A process that works on tasks of an embedded database until none is open, for `store-killed.test.ts`: says each end that it was told of. */
import { entrepot } from "../../src/index.ts";
import { openRunStore } from "../../src/runs/index.ts";

const [dir = "", runId = "", worker = ""] = process.argv.slice(2);
const data = entrepot();
const store = await openRunStore(data, { dir });
process.stdout.write("open\n");
for (;;) {
  const [task] = await store.tasks.ready({ runId, limit: 1 });
  // somebody else may have been first
  const attempt = task && (await store.tasks.begin(task.id, { worker }));
  if (task !== undefined && attempt === undefined) continue;
  if (attempt === undefined) {
    await store.tasks.sweep({ silentMs: 4_000, runId });
    const { state } = await store.runs.get(runId);
    if (state !== "running") break;
    await new Promise((resolve) => setTimeout(resolve, 100));
    continue;
  }
  const { token, taskId, number } = attempt;
  const lines = Array.from({ length: 3 }, (_, line) => `${taskId} ${number} ${line}`);
  for (const line of lines) await store.tasks.log(token, [{ timeMs: Date.now(), stream: "stdout", line }]);
  const last = taskId.charCodeAt(12) % 5 === 0 && number === 1;
  const ended = await store.tasks.end(token, last ? { state: "failed", error: "the first one" } : { state: "done" });
  process.stdout.write(`${ended === undefined ? "refused" : last ? "failed" : "done"} ${taskId} ${number}\n`);
}
await store.close();
await data.close();
