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

  test("a model has versions, and the name of one is used once", async () => {
    const model = await world.newModel();
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
    const model = await world.newModel();
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

  test("a stacking order names policies of the run, each once", async () => {
    const model = await world.newModel();
    const create = (stackingOrder: readonly (string | number)[], policies = ["a", "b", "7"]) =>
      store.runs.create({ model, policies, options: { stackingOrder } as never });
    await expect(create(["b", "b"])).rejects.toThrow(/names "b" twice/);
    await expect(create(["a", "zz"])).rejects.toThrow(/names "zz", which is no policy/);
    await expect(create([7, "7"], [])).rejects.toThrow(/names "7" twice/);
    expect(await create([7, "a"])).toMatchObject({ stackingOrder: ["7", "a"], baseline: "7" });
    // policies may come later, and are held against it then
    const { id } = await create(["p1", "p2"], []);
    await store.runs.addPolicy(id, "p1");
    await expect(store.runs.start(id)).rejects.toMatchObject({
      code: "precondition-failed",
      message: expect.stringContaining('"p2"'),
    });
    await expect(store.runs.change(id, { options: { stacking_order: ["p3"] } })).rejects.toThrow(RangeError);
    await store.runs.addPolicy(id, "p2");
    expect(await store.runs.start(id)).toHaveLength(2);
  });

  test("files are stored by their content, a policy's own before those of all", async () => {
    const model = await world.newModel();
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
      const model = await world.newModel();
      const { id } = await store.runs.create({ model, policies: ["p"] });
      await expect(store.files.put(id, "p", name, "x")).rejects.toMatchObject({ code: "unsafe-key" });
    },
  );

  test("a run that is deleted takes its contents along, but for those that another has", async () => {
    const model = await world.newModel();
    const [one, two] = await Promise.all(
      [1, 2].map((number) => store.runs.create({ model, name: `run ${number}`, policies: ["p", "q"] })),
    );
    const [first = "", second = ""] = [one?.id, two?.id];
    const contents = async () =>
      (
        await store.database.query<{ text: string }>(
          "SELECT convert_from(data, 'UTF8') AS text FROM entrepot_runs.contents WHERE is_text ORDER BY 1",
        )
      )
        .map(({ text }) => text)
        .filter((text) => text.startsWith("kept "));
    await store.files.put(first, "p", "a.txt", "kept by both");
    await store.files.put(second, "q", "b.txt", "kept by both");
    await store.files.put(first, "p", "c.txt", "kept by one");
    await store.files.put(first, "q", "d.txt", "kept by a policy");
    await store.files.put(first, "p", "c.txt", "kept instead");
    expect(await contents()).toEqual(["kept by a policy", "kept by both", "kept instead"]);
    await store.runs.deletePolicy(first, "q");
    expect(await contents()).toEqual(["kept by both", "kept instead"]);
    await store.runs.delete(first);
    expect(await contents()).toEqual(["kept by both"]);
    expect(await store.files.read(second, "q", "b.txt")).toEqual(new TextEncoder().encode("kept by both"));
    await expect(store.runs.get(first)).rejects.toMatchObject({ code: "not-found" });
  });

  const hostile = [
    "'; DROP TABLE entrepot_runs.runs; --",
    '"',
    "\\",
    "\\'",
    "$1",
    "%s %_",
    "{1,2}",
    "NULL",
    "' OR '1'='1",
    "<script>alert(1)</script>",
    "\u001b[31m".slice(1),
    "ünï\u2028",
    "😀".repeat(20),
  ];
  test.each(hostile)("%j is stored and read back unchanged", async (text) => {
    const model = await world.newModel();
    const options = { [text]: text };
    const run = await store.runs.create({ model, name: text, description: text, options, policies: ["p"] });
    await store.files.put(run.id, "p", "a.txt", text);
    const [task] = await store.runs.start(run.id);
    const attempt = await store.tasks.begin(task?.id ?? "", { worker: text });
    await store.tasks.log(attempt?.token ?? "", [{ timeMs: 1, stream: "stdout", line: text }]);
    const output = { path: text, uri: `s3://b/${text}`, sizeBytes: 1, etag: text };
    await store.tasks.end(attempt?.token ?? "", { state: "done", outputs: [output] });
    expect(await store.runs.get(run.id)).toMatchObject({ name: text, description: text, options });
    expect(new TextDecoder().decode(await store.files.read(run.id, "p", "a.txt"))).toBe(text);
    expect(await store.tasks.outputs(run.id)).toEqual([{ policyId: "p", ...output }]);
    const events = [];
    for await (const event of store.watch(run.id)) events.push(event);
    expect(events).toMatchObject([{}, { worker: text }, { line: text }, {}, {}]);
    expect((await store.runs.list({ search: text, model })).items).toHaveLength(1);
  });

  test("of two who edit the same file one is told that it was changed", async () => {
    const { id } = await store.runs.create({ model: await world.newModel(), policies: ["p"] });
    const { sha256: ifMatch } = await store.files.put(id, "p", "a.csv", "a\n");
    await store.files.put(id, "p", "a.csv", "b\n", { ifMatch });
    const late = store.files.put(id, "p", "a.csv", "c\n", { ifMatch });
    await expect(late).rejects.toMatchObject({ code: "precondition-failed" });
    expect(new TextDecoder().decode(await store.files.read(id, "p", "a.csv"))).toBe("b\n");
  });

  test("limits are kept: contents, options, lines", async () => {
    const model = await world.newModel();
    const { id } = await store.runs.create({ model, policies: ["p"] });
    const large = new Uint8Array(16 * 1024 ** 2 + 1);
    await expect(store.files.put(id, "p", "large.bin", large)).rejects.toMatchObject({ code: "limit-exceeded" });
    await store.files.put(id, undefined, "of-all.txt", "x");
    for (const work of [store.files.read, store.files.delete])
      await expect(work(id, "", "of-all.txt")).rejects.toMatchObject({ code: "not-found" });
    await expect(store.runs.change(id, { options: { text: "x".repeat(100_000) } })).rejects.toMatchObject({
      code: "limit-exceeded",
    });
    await expect(store.runs.create({ model, options: { f: () => 1 } as never })).rejects.toThrow(TypeError);
    const [task] = await store.runs.start(id);
    const { token = "" } = (await store.tasks.begin(task?.id ?? "", { worker: "here" })) ?? {};
    const long = Array.from({ length: 999 }, () => ({
      timeMs: world.clock.nowMs,
      stream: "stdout" as const,
      line: "x".repeat(12_000),
    }));
    await store.tasks.log(token, long);
    await store.tasks.log(token, [
      { timeMs: world.clock.nowMs, stream: "stdout", line: "x".repeat(12_000) },
      { timeMs: world.clock.nowMs, stream: "stdout", line: "y".repeat(12_000) },
    ]);
    expect(await store.tasks.log(token, [{ timeMs: world.clock.nowMs, stream: "stdout", line: "more" }])).toBe(true);
    const lines: string[] = [];
    for await (const event of store.watch(id, { types: ["log"], follow: false }))
      if (event.type === "log") lines.push(event.line);
    expect(lines.length).toBeLessThan(1_001);
    expect(lines[0]).toBe(`${"x".repeat(10_000)} … (cut)`);
    expect(lines.at(-1)).toBe("(the log is full: what follows is not kept)");
  });

  test("runs are listed by pages, the newest first, each once", async () => {
    const model = await world.newModel();
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

  test("a token is known by its hash alone, for its role and models, until it expires", async () => {
    const { token, record } = await store.tokens.create({
      name: "page",
      role: "read",
      models: ["a"],
      expiresMs: world.clock.nowMs + 10_000,
    });
    expect(await store.tokens.check(token)).toEqual(record);
    expect(await store.tokens.check(`${token}x`)).toBeUndefined();
    expect(JSON.stringify(await store.database.query("SELECT * FROM entrepot_runs.tokens"))).not.toContain(
      token.slice(9),
    );
    world.clock.nowMs += 20_000;
    expect(await store.tokens.check(token)).toBeUndefined();
  });
});
