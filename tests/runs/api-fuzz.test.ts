import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kinds } from "../queue/places.ts";
import { misfits, type Operation, operationsOf, requestOf, type Schema } from "./requests-of.ts";
import { openServedWorld, type ServedWorld } from "./served-world.ts";

const [embedded] = kinds;
const perOperation = Number(process.env["ENTREPOT_TEST_FUZZ"] ?? 30);
const tables = [
  "models",
  "versions",
  "runs",
  "policies",
  "files",
  "contents",
  "tasks",
  "attempts",
  "events",
  "outputs",
  "tokens",
];

/** Numbers from 0 to 1 that are the same in each run. */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

describe("whatever is asked of the API", { timeout: 300_000 }, () => {
  let it: ServedWorld;
  let document: Schema;
  let operations: Operation[];
  beforeAll(async () => {
    it = await openServedWorld((embedded as NonNullable<typeof embedded>).open);
    document = (await it.ask(undefined, "GET", "/api/openapi.json")).body;
    operations = operationsOf(document);
  }, 120_000);
  afterAll(() => it.close());

  const digest = async () => {
    const parts = await Promise.all(
      tables.map((table) =>
        it.store.database.query(
          `SELECT md5(COALESCE(string_agg(t::text, '|' ORDER BY t::text), '')) AS hash FROM entrepot_runs.${table} t`,
        ),
      ),
    );
    return JSON.stringify(parts);
  };

  /** A run that is not started, one that is, one that has ended with outputs. */
  const things = async () => {
    const fresh = await it.store.runs.create({ model: await it.world.newModel(), policies: ["base", "p1"] });
    await it.store.files.put(fresh.id, "base", "a.csv", "a,b\n1,2\n");
    const running = await it.world.started();
    const ended = await it.world.started({ policies: ["base"] });
    await it.finish(ended.tasks[0]?.id ?? "", { "a.csv": "a,b\n1,2\n", "t.txt": "text", "i.png": "x", "n.bin": "\0" }, [
      "line",
    ]);
    const models = (await it.store.models.list()).map(({ name }) => name);
    return {
      run: [fresh.id, fresh.id, running.id, ended.id],
      model: models.slice(-3),
      version: ["v1"],
      policy: ["base", "p1"],
      policies: [["base"], ["p1"], ["base", "p1"]],
      file: ["a.csv", "b.json"],
      path: ["a.csv", "t.txt", "i.png", "n.bin"],
      secret: ["entrepot_0123"],
    };
  };

  test.each(["admin", "run", "nobody"] as const)(
    "by %s is answered, tells no secret, and changes nothing where it is refused",
    async (who) => {
      const token = who === "nobody" ? undefined : await it.tokenOf(who);
      const chance = chanceOf(who.length * 7_919);
      const statuses = new Map<number, number>();
      for (const operation of operations) {
        let known: Record<string, readonly unknown[]> = await things();
        let before = await digest();
        for (let count = 0; count < (who === "admin" ? perOperation : perOperation / 5); count += 1) {
          const made = requestOf(operation, known, chance);
          const said = `${made.method} ${made.path.slice(0, 300)} ${String(made.body).slice(0, 300)} ${JSON.stringify(made.headers)}`;
          const response = await fetch(`${it.served.url}${made.path}`, {
            method: made.method,
            headers: { ...made.headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
            ...(made.body === undefined ? {} : { body: made.body }),
            signal: AbortSignal.timeout(60_000),
          });
          const type = response.headers.get("content-type") ?? "";
          let answered = "";
          if (type === "text/event-stream") await response.body?.cancel();
          else answered = await response.text();
          statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
          expect(response.status, `${said}\n${answered}`).toBeLessThan(500);
          expect(response.headers.get("x-content-type-options"), said).toBe("nosniff");
          if (token !== undefined) expect(answered, said).not.toContain(token);
          expect(answered, said).not.toMatch(/\bat \S+ \(|node_modules|entrepot_runs\./);
          if (response.ok) {
            if (operation.answer !== undefined)
              expect(misfits(JSON.parse(answered), operation.answer, document), said).toEqual([]);
            if (made.method !== "GET") {
              known = await things();
              before = await digest();
            }
            continue;
          }
          expect(type, said).toBe("application/problem+json");
          expect(JSON.parse(answered)).toMatchObject({
            status: response.status,
            code: expect.stringMatching(/^[a-z-]+$/),
          });
          expect(await digest(), said).toBe(before);
        }
      }
      expect(it.internal).toEqual([]);
      // the generator is worth its time only where some requests get far
      if (who === "admin")
        expect((statuses.get(200) ?? 0) + (statuses.get(201) ?? 0) + (statuses.get(204) ?? 0)).toBeGreaterThan(
          perOperation * 5,
        );
      console.log(who, JSON.stringify([...statuses].sort()));
    },
  );
});
