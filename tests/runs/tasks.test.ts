import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunStore } from "../../src/runs/index.ts";
import { kinds } from "../queue/places.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

describe.each(kinds)("on a database that is $kind", { timeout: 120_000 }, ({ open }) => {
  let world: TestStore;
  let store: RunStore;
  beforeAll(async () => {
    world = await openTestStore(open);
    store = world.store;
  }, 120_000);
  afterAll(() => world.close());

  const statesOf = async (id: string) => (await store.tasks.list(id)).map(({ state }) => state);
  const worker = "here";

  test("pages of tasks and outputs are the lists, each thing once and in their order", async () => {
    const policies = ["z", "base", "a", "m", "b2", "b10", "ä"];
    const { id, tasks } = await world.started({ policies });
    for (const task of tasks.slice(0, 4)) {
      const attempt = await store.tasks.begin(task.id, { worker: "w" });
      const paths = ["b.csv", "B.csv", "a/b.csv", "ä.csv", "_.csv"];
      const outputs = paths.map((path) => ({ path, uri: `file:///${path}`, sizeBytes: 1, etag: "e" }));
      await store.tasks.end(attempt?.token as never, { state: "done", outputs });
    }
    for (const [page, all] of [
      [store.tasks.page, await store.tasks.list(id)],
      [store.tasks.outputPage, await store.tasks.outputs(id)],
    ] as const)
      for (const limit of [1, 2, 3, 7, 100]) {
        const found: unknown[] = [];
        let after: string | undefined;
        do {
          const { items, next } = await page(id, { after, limit });
          expect(items.length).toBeLessThanOrEqual(limit);
          found.push(...items);
          after = next;
        } while (after !== undefined);
        expect([limit, found]).toEqual([limit, all]);
      }
    expect((await store.tasks.outputPage(id, { policyId: "a" })).items).toEqual(await store.tasks.outputs(id, "a"));
    await expect(store.tasks.page(id, { after: "x" })).rejects.toThrow(RangeError);
    await expect(store.tasks.page(id, { limit: 0 })).rejects.toThrow(RangeError);
  });

  test("a policy that is done once more has the outputs of that attempt, and none of the one before", async () => {
    const { id, tasks } = await world.started({ policies: ["base"] });
    for (const paths of [["a.csv", "b.csv"], ["b.csv", "c.csv"], []]) {
      const attempt = (await store.tasks.begin(tasks[0]?.id ?? "", { worker })) ?? expect.fail();
      const outputs = paths.map((path) => ({
        path,
        uri: `file:///${attempt.folder}/${path}`,
        sizeBytes: 1,
        etag: "e",
      }));
      await store.tasks.end(attempt.token, { state: "done", outputs });
      expect(await store.tasks.outputs(id)).toEqual(outputs.map((output) => ({ policyId: "base", ...output })));
      await store.runs.retry(id, ["base"]);
    }
  });

  test("the message of a progress is cut at 1,000 characters", async () => {
    const { tasks } = await world.started({ policies: ["base"] });
    const attempt = await store.tasks.begin(tasks[0]?.id ?? "", { worker });
    await store.tasks.progress(attempt?.token ?? "", { fraction: 0.25, message: "x".repeat(5_000) });
    const { progress } = await store.tasks.get(tasks[0]?.id ?? "");
    expect(progress).toMatchObject({ fraction: 0.25, message: "x".repeat(1_000) });
  });

  test("a run goes through its states, and tells each in order", async () => {
    const { id, tasks } = await world.started({ baselineFirst: true });
    expect(tasks.map(({ state }) => state)).toEqual(["ready", "waiting", "waiting"]);
    const [base = tasks[0], p1 = tasks[0]] = tasks;
    expect(await store.tasks.begin(p1?.id ?? "", { worker })).toBeUndefined();
    const attempt = await store.tasks.begin(base?.id ?? "", { worker });
    const token = attempt?.token ?? "";
    await store.tasks.log(token, [{ timeMs: world.clock.nowMs, stream: "stdout", line: "hello \0 there" }]);
    await store.tasks.progress(token, { fraction: 0.5, message: "half" });
    const output = { path: "a.json", uri: "s3://b/a.json", sizeBytes: 1, etag: '"x"' };
    expect(await store.tasks.end(token, { state: "done", outputs: [output] })).toMatchObject({
      task: { state: "done" },
      dependents: [{ state: "ready" }, { state: "ready" }],
      run: "running",
    });
    expect(await store.tasks.outputs(id)).toEqual([{ policyId: "base", ...output }]);
    const begun = [];
    for (const task of await store.tasks.ready({ runId: id }))
      begun.push((await store.tasks.begin(task.id, { worker })) ?? expect.fail());
    for (const { token } of begun) await store.tasks.end(token, { state: "done" });
    const events = [];
    for await (const event of store.watch(id)) events.push(event);
    expect(events.map(({ at }) => at)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ type }) => type)).toEqual([
      "submitted",
      "started",
      "log",
      "progress",
      "finished",
      "started",
      "started",
      "finished",
      "finished",
      "ended",
    ]);
    expect(events[2]).toMatchObject({ policyId: "base", line: "hello \ufffd there" });
    expect(await store.runs.get(id)).toMatchObject({ state: "done", tasks: { done: 3 }, lastEvent: 10 });
  });

  test("an attempt that was taken over is not listened to any more", async () => {
    const { id, tasks } = await world.started({ policies: ["only"] });
    const taskId = tasks[0]?.id ?? "";
    const first = await store.tasks.begin(taskId, { worker });
    expect(await store.tasks.begin(taskId, { worker: "other" })).toBeUndefined();
    world.clock.nowMs += 20_000;
    const second = await store.tasks.begin(taskId, { worker: "other" });
    expect(second).toMatchObject({ number: 2, worker: "other" });
    const old = first?.token ?? "";
    expect(await store.tasks.alive([old, second?.token ?? ""])).toEqual(new Set([second?.token]));
    expect(await store.tasks.log(old, [{ timeMs: 1, stream: "stdout", line: "late" }])).toBe(false);
    expect(await store.tasks.progress(old, { fraction: 1 })).toBe(false);
    expect(await store.tasks.end(old, { state: "done" })).toBeUndefined();
    expect(await statesOf(id)).toEqual(["running"]);
    expect(await store.tasks.end(second?.token ?? "", { state: "done" })).toMatchObject({ run: "done" });
    expect(await store.tasks.end(second?.token ?? "", { state: "failed", error: "late" })).toBeUndefined();
    expect((await store.tasks.attempts(taskId)).map(({ state }) => state)).toEqual(["lost", "done"]);
  });

  test("of many that start a run at once, one does", async () => {
    const { id } = await store.runs.create({ model: await world.newModel(), policies: ["p", "q"] });
    const started = await Promise.allSettled(Array.from({ length: 6 }, () => store.runs.start(id)));
    const refused = started.flatMap((each) => (each.status === "rejected" ? [each.reason.code] : []));
    expect(refused).toEqual(Array.from({ length: 5 }, () => "precondition-failed"));
    expect(await statesOf(id)).toEqual(["ready", "ready"]);
  });

  test("of many that begin the same task at once, one does", async () => {
    const { tasks } = await world.started({ policies: ["only"] });
    const begun = await Promise.all(
      Array.from({ length: 12 }, (_, n) => store.tasks.begin(tasks[0]?.id ?? "", { worker: `w${n}` })),
    );
    expect(begun.filter((each) => each !== undefined)).toHaveLength(1);
  });

  test("a baseline that fails for good cancels what waits for it, and says so", async () => {
    const { id, tasks } = await world.started({ baselineFirst: true, retries: 1 });
    const fail = async () => {
      const attempt = await store.tasks.begin(tasks[0]?.id ?? "", { worker });
      return store.tasks.end(attempt?.token ?? "", { state: "failed", error: "no such file", exitCode: 2 });
    };
    expect(await fail()).toMatchObject({ willRetry: true, task: { state: "ready" }, dependents: [] });
    expect(await fail()).toMatchObject({ willRetry: false, run: "failed" });
    const [, p1] = await store.tasks.list(id);
    expect(p1).toMatchObject({ state: "cancelled", reason: "not run, because the baseline base failed: no such file" });
    expect((await store.runs.retry(id, ["p1"])).map(({ policyId, state }) => [policyId, state])).toEqual([
      ["base", "ready"],
      ["p1", "waiting"],
    ]);
    expect(await store.runs.get(id)).toMatchObject({ state: "running" });
  });

  test("a cancelled run is over at once, and whoever runs it is not listened to", async () => {
    const { id, tasks } = await world.started();
    const attempt = await store.tasks.begin(tasks[0]?.id ?? "", { worker });
    expect(await store.runs.cancel(id, { reason: "wrong year" })).toHaveLength(3);
    expect(await store.tasks.alive([attempt?.token ?? ""])).toEqual(new Set());
    expect(await store.tasks.end(attempt?.token ?? "", { state: "done" })).toBeUndefined();
    expect(await store.runs.get(id)).toMatchObject({ state: "cancelled", tasks: { cancelled: 3 } });
  });

  test("attempts that fell silent are lost, and their tasks go on or fail", async () => {
    const { id, tasks } = await world.started({ policies: ["only"], retries: 0 });
    await store.tasks.begin(tasks[0]?.id ?? "", { worker });
    expect(await store.tasks.sweep({ silentMs: 10_000, runId: id })).toEqual([]);
    world.clock.nowMs += 20_000;
    expect(await store.tasks.sweep({ silentMs: 10_000, runId: id })).toMatchObject([
      { task: { state: "failed", reason: "its worker died or was cut off" }, run: "failed" },
    ]);
  });

  test("whoever watches while several write sees every line once, in the order of the database", async () => {
    const { id, tasks } = await world.started();
    const seen: number[] = [];
    const lines: string[] = [];
    const watching = (async () => {
      for await (const event of store.watch(id)) {
        seen.push(event.at);
        if (event.type === "log") lines.push(event.line);
      }
    })();
    await Promise.all(
      tasks.map(async ({ id: taskId }, number) => {
        const attempt = await store.tasks.begin(taskId, { worker });
        for (let line = 0; line < 15; line += 1)
          await store.tasks.log(attempt?.token ?? "", [{ timeMs: line, stream: "stderr", line: `${number}.${line}` }]);
        await store.tasks.end(attempt?.token ?? "", { state: "done" });
      }),
    );
    await watching;
    expect(seen).toEqual(Array.from({ length: 3 * 17 + 2 }, (_, index) => index + 1));
    expect(new Set(lines).size).toBe(45);
  });
});
