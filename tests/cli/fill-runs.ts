/** What the examples of `entrepot runs` find: the model growth, the run test, and those of the ids that they name. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Depot } from "entrepot";
import { openRunStore, type RunStore } from "../../src/runs/index.ts";

let store: RunStore | undefined;

/** The default place of the home, held open, so that the command only talks to it. */
export async function fillRuns(home: string, data: Depot, line: string): Promise<void> {
  store ??= await openRunStore(data, { dir: path.join(home, ".local/share/entrepot/runs") });
  for (const table of ["tasks", "runs", "contents", "versions", "models", "tokens"])
    await store.database.query(`DELETE FROM entrepot_runs.${table}`);
  for (const name of ["parameters.csv", "high.csv"]) await writeFile(path.join(home, name), "name,value\n");
  await writeFile(path.join(home, "options.json"), "{}\n");
  const environment = { ENTREPOT_ROOT_CLOUD: "s3://my-bucket/runs/" };
  const services = {
    batch: { queue: "models", jobDefinition: "growth", region: "eu-central-1", environment },
    kubernetes: { secret: "entrepot", server: "https://127.0.0.1:6443", environment },
  };
  for (const [name, settings] of Object.entries(services))
    await writeFile(path.join(home, `${name}.json`), JSON.stringify(settings));
  if (line.includes(" model add ")) return;
  await store.models.add("growth");
  await store.models.deploy("growth", { program: { command: ["python3", "model.py"], image: "growth:1" } });
  if (line.includes(" model delete ")) return;
  const policies = ["baseline", "high"];
  const { id } = await store.runs.create({ model: "growth", policies, name: "test" });
  const other = await store.runs.create({ model: "growth", policies: ["baseline"], name: "other" });
  await renamed("runs", other.id, "01k9x4c2tq0aa");
  for (const given of ["01k9x4c2tq0bb", "01k9x4c2tq0cc"])
    await renamed("tokens", (await store.tokens.create({ name: given, role: "read" })).record.id, given);
  if (/ (?:cancel|retry) /.test(line)) await store.runs.start(id);
  if (line.includes(" outputs ")) await withOutputs(store, data, id);
}

/** Before there is anything that names it. */
async function renamed(table: "runs" | "tokens", from: string, to: string): Promise<void> {
  await store?.database.query("DELETE FROM entrepot_runs.policies WHERE run_id = $1", [from]);
  await store?.database.query(`UPDATE entrepot_runs.${table} SET id = $2 WHERE id = $1`, [from, to]);
}

async function withOutputs({ runs, tasks }: RunStore, data: Depot, id: string): Promise<void> {
  for (const { id: taskId, policyId } of await runs.start(id)) {
    const uri = `s3://my-bucket/outputs/${policyId}/a.csv`;
    await data.writeText(uri, "a\n");
    const { sizeBytes, etag } = await data.stat(uri);
    const attempt = await tasks.begin(taskId, { worker: "examples" });
    const outputs = [{ uri, path: "a.csv", sizeBytes, etag }];
    if (attempt !== undefined) await tasks.end(attempt.token, { state: "done", outputs });
  }
}

export async function closeRuns(): Promise<void> {
  await store?.close();
}
