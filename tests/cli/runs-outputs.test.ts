/** Outputs of runs on the command line. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunStore } from "../../src/runs/index.ts";
import { kinds } from "../queue/places.ts";
import { openRunsOver, type RunsOver } from "./runs-over.ts";
import type { ShellWorld } from "./shell-world.ts";

describe.each(kinds)("over a database that is $kind", { timeout: 120_000 }, ({ open }) => {
  let over: RunsOver;
  let world: ShellWorld;
  let store: RunStore;
  let run: RunsOver["run"];
  let json: RunsOver["json"];
  beforeAll(async () => {
    over = await openRunsOver(open);
    ({ world, store, run, json } = over);
  }, 120_000);
  afterAll(() => over.close());

  it("outputs are copied as they were recorded, and what is another by now is not", async () => {
    const { id } = await store.runs.create({ model: "growth", policies: ["base", "high"] });
    const tasks = await store.runs.start(id);
    for (const { id: taskId, policyId } of tasks) {
      const attempt = (await store.tasks.begin(taskId, { worker: "test" })) ?? expect.fail();
      const outputs = [];
      for (const name of ["a.csv", "deep/b.csv"]) {
        const uri = `s3://bucket/out/${policyId}/${name}`;
        await world.data.writeText(uri, `${policyId} ${name}\n`);
        const { sizeBytes, etag } = await world.data.stat(uri);
        outputs.push({ uri, path: name, sizeBytes, etag });
      }
      await store.tasks.end(attempt.token, { state: "done", exitCode: 0, outputs });
    }
    await world.data.writeText("s3://bucket/out/base/not-recorded.csv", "x");
    expect((await json("outputs", id)).map(({ policyId, path: name }) => [policyId, name])).toEqual([
      ...[
        ["base", "a.csv"],
        ["base", "deep/b.csv"],
        ["high", "a.csv"],
        ["high", "deep/b.csv"],
      ],
      [undefined, undefined],
    ]);
    expect((await run("outputs", id, "--get", "got")).code).toBe(0);
    const got = path.join(world.command.home, "got");
    expect(await readFile(path.join(got, "high/deep/b.csv"), "utf8")).toBe("high deep/b.csv\n");
    await expect(readFile(path.join(got, "base/not-recorded.csv"))).rejects.toMatchObject({ code: "ENOENT" });
    await world.data.writeText("s3://bucket/out/high/a.csv", "another\n");
    const changed = await run("outputs", id, "--policy", "high", "--get", "again");
    expect(changed).toMatchObject({ code: 6 });
    await expect(readFile(path.join(world.command.home, "again/high/a.csv"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("an output that no file can be called keeps no other from being copied", async () => {
    const { id } = await store.runs.create({ model: "growth", policies: ["base"] });
    const [task] = await store.runs.start(id);
    const attempt = (await store.tasks.begin(task?.id ?? "", { worker: "test" })) ?? expect.fail();
    const outputs = [];
    for (const name of ["a.csv", "b/c.csv", "../../out.txt", "/abs.txt", "a.csv/x", "dir/"]) {
      const from = { bucket: "bucket", key: `odd/${id}/${name}` };
      await world.data.writeText(from, `${name}\n`);
      const { uri, sizeBytes, etag } = await world.data.stat(from);
      outputs.push({ uri, path: name, sizeBytes, etag });
    }
    await store.tasks.end(attempt.token, { state: "done", exitCode: 0, outputs });
    const { code, stderr } = await run("outputs", id, "--get", "odd");
    const odd = path.join(world.command.home, "odd/base");
    expect(code).not.toBe(0);
    expect(await readFile(path.join(odd, "a.csv"), "utf8")).toBe("a.csv\n");
    expect(await readFile(path.join(odd, "b/c.csv"), "utf8")).toBe("b/c.csv\n");
    for (const name of ["out.txt", "abs.txt", "a.csv/x", "dir/"]) expect(stderr).toContain(name);
    expect(stderr).toContain("--names map");
    expect(stderr).not.toContain("--exclude");
    expect(await run("outputs", id, "--get", "mapped", "--names", "map")).toMatchObject({ code: 0 });
    expect(await readFile(path.join(world.command.home, "mapped/base/.entrepot-names.ndjson"), "utf8")).toContain(
      "abs.txt",
    );
  });
});
