import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../../queue/index.ts";
import { checksumOf, migrate } from "./migrate.ts";
import { migrations } from "./migrations.ts";

/** Of what is released: an entry is added with each release, and none is ever changed. */
const released = ["f3fd4d33ef7b8cc9e93b4073331b692c0bbfdf97978389331b14a29c44a9d5bf"];

test("what is released is never changed", () => {
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  expect(migrations.map(checksumOf).slice(0, released.length)).toEqual(released);
});

test("versions are applied in order, once, and those of a release that fails not at all", async () => {
  const dir = await mkdtemp(join(tmpdir(), "entrepot-migrate-"));
  const database = await openDatabase({ dir });
  onTestFinished(async () => {
    await database.close();
    await rm(dir, { recursive: true, force: true });
  });
  const next = {
    version: 3,
    text: "ALTER TABLE entrepot_runs.models ADD owner text; UPDATE entrepot_runs.models SET owner = name",
  };
  const last = { version: 4, text: "ALTER TABLE entrepot_runs.models ADD more text; SELECT 1 / 0" };
  expect(await migrate(database)).toEqual([1, 2]);
  expect(await migrate(database)).toEqual([]);
  await database.query("INSERT INTO entrepot_runs.models (name, description, created_ms) VALUES ('m', '', 1)");
  await expect(migrate(database, [...migrations, next, last])).rejects.toThrow(/division by zero/);
  expect(await database.query("SELECT * FROM entrepot_runs.models")).toEqual([
    expect.not.objectContaining({ owner: "m" }),
  ]);
  expect(await migrate(database, [...migrations, next])).toEqual([3]);
  expect(await database.query("SELECT * FROM entrepot_runs.models")).toEqual([expect.objectContaining({ owner: "m" })]);
  await expect(migrate(database)).rejects.toMatchObject({ code: "unsupported" });
  await database.query("DELETE FROM entrepot_runs.migrations");
  await expect(migrate(database)).rejects.toMatchObject({
    code: "misconfigured",
    message: expect.stringContaining("holds tables of runs, but does not say of which version"),
    hint: expect.stringContaining("backup"),
  });
  expect(await database.query("SELECT name FROM entrepot_runs.models")).toEqual([{ name: "m" }]);
});
