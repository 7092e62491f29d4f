import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import { type Database, openDatabase } from "../../queue/index.ts";
import { runStoreOver } from "./open-run-store.ts";

let dir: string;
let database: Database;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "entrepot-open-store-"));
  database = await openDatabase({ dir });
}, 60_000);
afterAll(async () => {
  await database.close();
  await rm(dir, { recursive: true, force: true });
});

/** One that is away for so many questions whenever it is asked something new, and a clock on which time passes while it is waited for. */
function changing(times: number) {
  const told = { lost: 0, nowMs: 0 };
  const seen = new Map<string, number>();
  const ask = async <T>(what: string, answer: () => Promise<T>): Promise<T> => {
    const count = seen.get(what) ?? 0;
    seen.set(what, count + 1);
    if (count >= times) return answer();
    told.lost += 1;
    throw new EntrepotError("unreachable", "no connection to the folder, or it broke");
  };
  const away: Database = {
    ...{ kind: database.kind, address: database.address },
    query: (text, values) => ask(text, () => database.query(text, values)),
    transaction: (work) => ask("transaction", () => database.transaction(work)),
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  const clock = {
    now: () => told.nowMs,
    sleep: async (ms: number) => {
      told.nowMs += ms;
    },
  };
  return { away, clock, told };
}

test("a store is opened though whoever serves its database is replaced meanwhile, and learns the models", async () => {
  const { away, clock, told } = changing(3);
  const store = await runStoreOver(away, { clock });
  // the versions, their transaction, the versions again, and the clock
  expect(told.lost).toBeGreaterThanOrEqual(9);
  expect(await store.models.list()).toEqual([]);
  await store.close();
});

test("one that stays away for a minute is unreachable", async () => {
  const { away, clock, told } = changing(Number.POSITIVE_INFINITY);
  await expect(runStoreOver(away, { clock })).rejects.toMatchObject({ code: "unreachable" });
  expect(told.nowMs).toBeGreaterThanOrEqual(60_000);
});
