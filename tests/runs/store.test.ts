import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { entrepot } from "../../src/index.ts";
import { openRunStore, type RunStore } from "../../src/runs/index.ts";
import { kinds } from "../queue/places.ts";

const data = entrepot();
afterAll(() => data.close());

describe.each(kinds)("on a database that is $kind", ({ open }) => {
  let store: RunStore;
  let close: () => Promise<void>;
  /** The clock of the store, milliseconds. */
  let nowMs = 1_700_000_000_000;
  const tick = () => {
    nowMs += 1;
    return nowMs;
  };

  beforeAll(async () => {
    const opened = await open();
    store = await openRunStore(data, { ...opened.place, now: tick });
    close = async () => {
      await store.close();
      await opened.close();
    };
  }, 120_000);
  afterAll(() => close());

  let count = 0;
  const newModel = async () => {
    count += 1;
    const model = `model ${count}`;
    await store.models.add(model);
    await store.models.deploy(model, { program: { command: ["node", "main.js"] } });
    return model;
  };
  const started = async (run: Partial<Parameters<RunStore["runs"]["create"]>[0]> = {}) => {
    const model = await newModel();
    const { id } = await store.runs.create({ model, policies: ["base", "p1", "p2"], retries: 1, ...run });
    return { id, model, tasks: await store.runs.start(id) };
  };
  const statesOf = async (id: string) => (await store.tasks.list(id)).map(({ state }) => state);
  const worker = "here";

  test("a model has versions, and the name of one is used once", async () => {
    const model = await newModel();
    const second = await store.models.deploy(model, { program: { command: ["python", "main.py"], env: { A: "b" } } });
    expect(second).toMatchObject({
      version: "v2",
      snapshots: `${model}@v2`,
      program: { command: ["python", "main.py"], env: { A: "b" } },
    });
    expect(await store.models.get(model)).toMatchObject({ version: "v2", versions: 2, runs: 0 });
    await store.models.delete(model, "v2");
    expect(await store.models.version(model)).toMatchObject({ version: "v1" });
    await expect(store.models.deploy(model, { version: "v2", program: { command: ["x"] } })).rejects.toMatchObject({
      code: "already-exists",
    });
    expect(await store.models.deploy(model, { program: { command: ["x"] } })).toMatchObject({ version: "v3" });
    await store.models.delete(model);
    await expect(store.models.get(model)).rejects.toMatchObject({ code: "not-found" });
    await store.models.add(model);
    expect(await store.models.deploy(model, { program: { command: ["x"] } })).toMatchObject({ version: "v4" });
  });

  test("options keep their keys as they were given, and what is stored is what was stored", async () => {
    const model = await newModel();
    const options = {
      first_year: 2024,
      ключ: [1, { "a'; DROP TABLE x; --": null }],
      olg_inputs: "True",
      stacking_order: [7, 3],
      __proto__x: 1,
    };
    const run = await store.runs.create({ model, name: "Robert'); DROP TABLE runs;--", options, policies: ["7", "3"] });
    const again = await store.runs.get(run.id);
    expect(again).toEqual(run);
    expect(again.options).toEqual(options);
    expect(Object.keys(again.options)).toEqual(Object.keys(options));
    expect(again).toMatchObject({ stackingOrder: ["7", "3"], baseline: "7", name: "Robert'); DROP TABLE runs;--" });
  });

  test("files are stored by their content, a policy's own before those of all", async () => {
    const model = await newModel();
    const { id } = await store.runs.create({ model, policies: ["base", "p1"] });
    const bytes = new Uint8Array([0, 255, 10]);
    await store.files.put(id, undefined, "parameters.csv", "a,b\r\n1,2\r\n");
    await store.files.put(id, undefined, "table.bin", bytes);
    await store.files.put(id, "p1", "parameters.csv", "a,b\r\n3,4\r\n");
    await store.files.put(id, "base", "again.csv", "a,b\r\n1,2\r\n");
    expect((await store.files.list(id, "p1")).map(({ name, policyId, isText }) => [name, policyId, isText])).toEqual([
      ["parameters.csv", "p1", true],
      ["table.bin", undefined, false],
    ]);
    expect(await store.files.list(id)).toHaveLength(4);
    expect(await store.files.read(id, undefined, "table.bin")).toEqual(bytes);
    const rows = await store.database.query(
      "SELECT count(DISTINCT f.sha256)::int AS contents FROM entrepot_runs.files f WHERE run_id = $1",
      [id],
    );
    expect(rows).toEqual([{ contents: 3 }]);
    await store.runs.start(id);
    await expect(store.files.put(id, "p1", "late.csv", "")).rejects.toMatchObject({ code: "precondition-failed" });
  });

  test.each(["../x", "a/b", "a\\b", "..", ".hidden", "", "CON.txt", "a\0b", "x ", "tab\tx", "\u202egpj.exe", "C:x"])(
    "a file cannot be called %j",
    async (name) => {
      const model = await newModel();
      const { id } = await store.runs.create({ model, policies: ["p"] });
      await expect(store.files.put(id, "p", name, "x")).rejects.toMatchObject({ code: "unsafe-key" });
    },
  );

  test("a run goes through its states, and tells each in order", async () => {
    const { id, tasks } = await started({ baselineFirst: true });
    expect(tasks.map(({ state }) => state)).toEqual(["ready", "waiting", "waiting"]);
    const [base = tasks[0], p1 = tasks[0]] = tasks;
    expect(await store.tasks.begin(p1?.id ?? "", { worker })).toBeUndefined();
    const attempt = await store.tasks.begin(base?.id ?? "", { worker });
    const token = attempt?.token ?? "";
    await store.tasks.log(token, [{ timeMs: nowMs, stream: "stdout", line: "hello \0 there" }]);
    await store.tasks.progress(token, { fraction: 0.5, message: "half" });
    const output = { path: "a.json", uri: "s3://b/a.json", sizeBytes: 1, etag: '"x"' };
    expect(await store.tasks.end(token, { state: "done", outputs: [output] })).toMatchObject({
      task: { state: "done" },
      dependents: [{ state: "ready" }, { state: "ready" }],
      run: "running",
    });
    expect(await store.tasks.outputs(id)).toEqual([{ policyId: "base", ...output }]);
    for (const each of await store.tasks.claim({ worker, limit: 5, runId: id }))
      await store.tasks.end(each.token, { state: "done" });
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
    const { id, tasks } = await started({ policies: ["only"] });
    const taskId = tasks[0]?.id ?? "";
    const first = await store.tasks.begin(taskId, { worker });
    expect(await store.tasks.begin(taskId, { worker: "other" })).toBeUndefined();
    nowMs += 20_000;
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

  test("of many that begin the same task at once, one does", async () => {
    const { tasks } = await started({ policies: ["only"] });
    const begun = await Promise.all(
      Array.from({ length: 12 }, (_, n) => store.tasks.begin(tasks[0]?.id ?? "", { worker: `w${n}` })),
    );
    expect(begun.filter((each) => each !== undefined)).toHaveLength(1);
  });

  test("a baseline that fails for good cancels what waits for it, and says so", async () => {
    const { id, tasks } = await started({ baselineFirst: true, retries: 1 });
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
    const { id, tasks } = await started();
    const attempt = await store.tasks.begin(tasks[0]?.id ?? "", { worker });
    expect(await store.runs.cancel(id, { reason: "wrong year" })).toHaveLength(3);
    expect(await store.tasks.alive([attempt?.token ?? ""])).toEqual(new Set());
    expect(await store.tasks.end(attempt?.token ?? "", { state: "done" })).toBeUndefined();
    expect(await store.runs.get(id)).toMatchObject({ state: "cancelled", tasks: { cancelled: 3 } });
  });

  test("attempts that fell silent are lost, and their tasks go on or fail", async () => {
    const { id, tasks } = await started({ policies: ["only"], retries: 0 });
    await store.tasks.begin(tasks[0]?.id ?? "", { worker });
    expect(await store.tasks.sweep({ silentMs: 10_000, runId: id })).toEqual([]);
    nowMs += 20_000;
    expect(await store.tasks.sweep({ silentMs: 10_000, runId: id })).toMatchObject([
      { task: { state: "failed", reason: "its worker died or was cut off" }, run: "failed" },
    ]);
  });

  test("runs are listed by pages, the newest first, each once", async () => {
    const model = await newModel();
    const ids: string[] = [];
    for (let index = 0; index < 7; index += 1)
      ids.unshift((await store.runs.create({ model, name: `run ${index}` })).id);
    const seen: string[] = [];
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      const page = await store.runs.list({ model, limit: 3, after });
      seen.push(...page.items.map(({ id }) => id));
      after = page.next;
    }
    expect(seen).toEqual(ids);
    expect((await store.runs.list({ search: "RUN 3", models: [model] })).items.map(({ name }) => name)).toEqual([
      "run 3",
    ]);
    expect((await store.runs.list({ models: [] })).items).toEqual([]);
  });

  test("whoever watches while several write sees every line once, in the order of the database", async () => {
    const { id, tasks } = await started();
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

  test("a token is known by its hash alone, for its role and models, until it expires", async () => {
    const { token, record } = await store.tokens.create({
      name: "page",
      role: "read",
      models: ["a"],
      expiresMs: nowMs + 10_000,
    });
    expect(await store.tokens.check(token)).toEqual(record);
    expect(await store.tokens.check(`${token}x`)).toBeUndefined();
    expect(JSON.stringify(await store.database.query("SELECT * FROM entrepot_runs.tokens"))).not.toContain(
      token.slice(9),
    );
    nowMs += 20_000;
    expect(await store.tokens.check(token)).toBeUndefined();
  });
});
