/** Tables that were made to break a reader or a writer: each is read right, or an error says what it is. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { columns } from "entrepot/table";
import pl from "nodejs-polars";
import { afterAll, describe, expect, test } from "vitest";
import { code, exact, memoryDepot, tableOf } from "./world.ts";

const data = memoryDepot();
afterAll(() => data.close());

test("categories that lie in several parts, each with its own list, come out as their texts", async () => {
  const part = (texts: string[]) => pl.DataFrame({ c: pl.Series("c", texts).cast(pl.Categorical) });
  await data.writeTable("memory:///parts/1.parquet", part(["a", "b"]));
  await data.writeTable("memory:///parts/2.parquet", part(["c", "a"]));
  const frame = await data.readTable("memory:///parts/");
  expect(exact(frame).map(({ c }) => c)).toEqual(["a", "b", "c", "a"]);
  expect(columns(frame)).toEqual({ c: ["a", "b", "c", "a"] });
});
