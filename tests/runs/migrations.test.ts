import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { entrepot } from "../../src/index.ts";
import { type Database, type DatabasePlace, openDatabase } from "../../src/queue/index.ts";
import { openRunStore } from "../../src/runs/index.ts";
import { kinds } from "../queue/places.ts";

const releases = new URL("releases/", import.meta.url);
const names = await readdir(releases);
const data = entrepot();
afterAll(() => data.close());

describe.each(kinds)("on a database that is $kind", { timeout: 120_000 }, ({ open }) => {
  let place: DatabasePlace;
  let database: Database;

  beforeEach(async () => {
    const opened = await open();
    place = opened.place;
    database = await openDatabase(place);
    return async () => {
      await database.close();
      await opened.close();
    };
  }, 120_000);

  const opened = async () => {
    const store = await openRunStore(data, place);
    onTestFinished(() => store.close());
    return store;
  };

  test.each(names)("a database that %s left is brought up to date, with all that is in it", async (name) => {
    await database.query(await readFile(new URL(name, releases), "utf8"));
    const store = await opened();
    const [applied] = await database.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM entrepot_runs.migrations",
    );
    expect(applied?.count).toBeGreaterThanOrEqual(1);
    const id = "01hf2vzbg0000";
    expect(await store.runs.get(id)).toMatchObject({
      state: "failed",
      options: { first_year: 2024 },
      stackingOrder: ["base", "p1"],
      tasks: { done: 1, failed: 1 },
      lastEvent: 6,
    });
    expect((await store.models.version("dynamic", "v1")).program).toEqual({
      command: ["python", "main.py"],
      env: { A: "b" },
    });
    expect(new TextDecoder().decode(await store.files.read(id, undefined, "parameters.csv"))).toBe("a,b\r\n1,2\r\n");
    expect(await store.tokens.check("entrepot_0123456789abcdefghjkmnpqrs")).toMatchObject({
      role: "run",
      models: ["dynamic"],
    });
    const events = [];
    for await (const event of store.watch(id)) events.push(event.type);
    expect(events).toEqual(["submitted", "started", "log", "finished", "failed", "ended"]);
    // and it goes on
    const [task] = await store.runs.retry(id);
    const attempt = await store.tasks.begin(task?.id ?? "", { worker: "host 2" });
    expect(await store.tasks.end(attempt?.token ?? "", { state: "done" })).toMatchObject({ run: "done" });
    await store.runs.start("01hf2vzbg0001");
    expect(await store.models.deploy("dynamic", { program: { command: ["x"] } })).toMatchObject({ version: "v3" });
  });

  test("of many that open a new database at once, one makes the tables and all of them work", async () => {
    const stores = await Promise.all(Array.from({ length: 6 }, opened));
    await Promise.all(stores.map((store, index) => store.models.add(`m${index}`)));
    expect((await stores[0]?.models.list())?.map(({ name }) => name)).toEqual(["m0", "m1", "m2", "m3", "m4", "m5"]);
    expect(await database.query("SELECT version FROM entrepot_runs.migrations")).toEqual([
      { version: 1 },
      { version: 2 },
    ]);
  });

  test("a database of a newer program is refused, and nothing in it is changed", async () => {
    await (await opened()).close();
    await database.query("INSERT INTO entrepot_runs.migrations (version, checksum) VALUES (9999, 'x')");
    await expect(openRunStore(data, place)).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("9999"),
    });
    await database.query("UPDATE entrepot_runs.migrations SET checksum = 'x' WHERE version = 1");
    await database.query("DELETE FROM entrepot_runs.migrations WHERE version = 9999");
    await expect(openRunStore(data, place)).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("not the one that was released"),
    });
  });
});
