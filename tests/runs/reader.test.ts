import { expect, onTestFinished, test } from "vitest";
import { entrepot } from "../../src/index.ts";
import { openRunStore } from "../../src/runs/index.ts";
import { kinds } from "../queue/places.ts";

const server = kinds.find(({ kind }) => kind === "server");

test.skipIf(server === undefined)(
  "a user of the database who may only read reads, and is forbidden the rest",
  { timeout: 120_000 },
  async () => {
    const { place, close } = (await server?.open()) ?? expect.fail();
    onTestFinished(close);
    const data = entrepot();
    onTestFinished(() => data.close());
    const store = await openRunStore(data, place);
    onTestFinished(() => store.close());
    await store.models.add("m");
    await store.database.query(`CREATE USER reader; GRANT USAGE ON SCHEMA entrepot_runs TO reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA entrepot_runs TO reader; REVOKE ALL ON entrepot_runs.tokens FROM reader`);
    const reader = await openRunStore(data, { url: (place.url ?? "").replace("postgres@", "reader@") });
    onTestFinished(() => reader.close());
    expect((await reader.models.list()).map(({ name }) => name)).toEqual(["m"]);
    await expect(reader.models.add("n")).rejects.toMatchObject({ code: "forbidden" });
    await expect(reader.tokens.list()).rejects.toMatchObject({ code: "forbidden" });
    // and who may not even make tables is told so
    for (const text of ["CREATE USER nobody", "CREATE DATABASE empty"]) await store.database.query(text);
    const url = (place.url ?? "").replace("postgres@", "nobody@").replace(/\/postgres$/, "/empty");
    await expect(openRunStore(data, { url })).rejects.toMatchObject({ code: "forbidden" });
  },
);
