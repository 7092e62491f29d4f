/** `outputs.json`, for whoever has the bucket alone: also after a worker that died between the end of a task and writing it. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repairOutputs, type TaskRecord } from "../../src/runs/index.ts";
import { kinds } from "../queue/places.ts";
import { openRunWorld, type RunWorld } from "./run-world.ts";

describe.each(kinds)("on a database that is $kind", { timeout: 60_000 }, ({ open }) => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await openRunWorld(open);
  }, 120_000);
  afterAll(() => world.close());

  const started = async () => {
    const { id, model, version } = await world.store.runs.create({ model: await world.model("true"), policies: ["p"] });
    const [task] = await world.store.runs.start(id);
    return { id, folder: `${model}/${version}/${id}/p/`, task: task ?? expect.fail() };
  };
  /** As a worker does that dies then. */
  const doneAndNoMore = async (task: TaskRecord, folder: string, name?: string) => {
    const attempt = (await world.store.tasks.begin(task.id, { worker: "dies" })) ?? expect.fail();
    const uri = world.data.resolve(`${folder}attempts/${name ?? attempt.folder}/n.txt`, { for: "write" });
    await world.data.writeText(uri, "n");
    const { etag, sizeBytes } = await world.data.stat(uri);
    const outputs = [{ path: "n.txt", uri, etag, sizeBytes }];
    await world.store.tasks.end(attempt.token, { state: "done", outputs });
  };
  const pointer = (folder: string) => world.data.readJson(`${folder}outputs.json`);

  test("a worker that waits writes what one that died has not", async () => {
    const { task, folder } = await started();
    await doneAndNoMore(task, folder);
    await world.working({ silentMs: 1_000 });
    while ((await world.store.tasks.unpublished()).length > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await pointer(folder)).toMatchObject({ attempt: 1, outputs: [{ path: "n.txt", sizeBytes: 1 }] });
  });

  test("so does who looks at the run, also where an older attempt is named; and there is nothing left to do then", async () => {
    const { id, task, folder } = await started();
    await doneAndNoMore(task, folder);
    expect(await repairOutputs(world.data, world.store, id)).toEqual(["p"]);
    expect(await repairOutputs(world.data, world.store, id)).toEqual([]);
    await world.store.runs.retry(id, ["p"]);
    // as folders were named before
    await doneAndNoMore(task, folder, "2");
    expect(await pointer(folder)).toMatchObject({
      attempt: 1,
      folder: expect.stringMatching(/^attempts\/1-[0-9a-f]{8}\/$/),
    });
    expect(await repairOutputs(world.data, world.store, id)).toEqual(["p"]);
    expect(await pointer(folder)).toMatchObject({ attempt: 2, folder: "attempts/2/" });
  });

  test("outputs that lie elsewhere are not said to lie here", async () => {
    const { id, task, folder } = await started();
    const attempt = (await world.store.tasks.begin(task.id, { worker: "far away" })) ?? expect.fail();
    const output = { path: "n.txt", etag: "e", sizeBytes: 1 };
    // below the same roots, but on another machine; and of another bucket
    const uri = world.data.resolve(`${folder}attempts/1/n.txt`, { for: "write" });
    await world.store.tasks.end(attempt.token, { state: "done", outputs: [{ ...output, uri }] });
    const other = await started();
    const theirs = (await world.store.tasks.begin(other.task.id, { worker: "far away" })) ?? expect.fail();
    const outputs = [{ ...output, uri: "s3://other/n.txt" }];
    await world.store.tasks.end(theirs.token, { state: "done", outputs });
    for (const runId of [id, other.id]) expect(await repairOutputs(world.data, world.store, runId)).toEqual([]);
    expect(await readdir(join(world.folder, "out"))).not.toContain(folder.split("/")[0]);
  });

  test("what a worker has written itself is known to be written", async () => {
    const id = await world.submitted('echo x > "$OUT/n.txt"');
    const worker = await world.worker();
    await world.ended(id);
    await worker.stop();
    expect(await world.store.tasks.unpublished({ runId: id })).toEqual([]);
  });
});
