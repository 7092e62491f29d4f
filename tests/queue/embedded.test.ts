import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { type Database, openDatabase } from "../../src/queue/index.ts";

const committer = fileURLToPath(new URL("committer.ts", import.meta.url));
let dir = "";

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "entrepot-embedded-"));
  return () => rm(dir, { recursive: true, force: true });
});

async function opened(): Promise<Database> {
  const database = await openDatabase({ dir, connectMs: 60_000 });
  onTestFinished(() => database.close());
  return database;
}

interface Client {
  readonly child: ChildProcess;
  readonly told: number[];
  readonly unknown: string[];
  readonly isOpen: Promise<void>;
  readonly ended: Promise<unknown>;
}

function startClient(name: string, count: number): Client {
  const child = spawn(process.execPath, ["--import", "tsx", committer, dir, name, String(count)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const told: number[] = [];
  const unknown: string[] = [];
  const isOpen = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line === "open") resolve();
      else if (line.startsWith("?")) unknown.push(line);
      else if (line !== "closed") told.push(Number(line));
    });
  });
  return { child, told, unknown, isOpen, ended: once(child, "close") };
}

async function committed(database: Database, name: string): Promise<Set<number>> {
  const rows = await database.query<{ number: number }>("SELECT number FROM commits WHERE who = $1", [name]);
  return new Set(rows.map(({ number }) => number));
}

test("sixteen processes commit through one that is killed, and no commit that one of them was told of is lost", {
  timeout: 240_000,
}, async () => {
  // A first one makes the table and goes.
  const first = await openDatabase({ dir });
  await first.query("CREATE TABLE commits (who text, number float8)");
  await first.close();
  const owner = startClient("owner", 100_000);
  await owner.isOpen;
  const clients = Array.from({ length: 16 }, (_, index) => startClient(`c${index}`, 60));
  await Promise.all(clients.map(({ isOpen }) => isOpen));
  owner.child.kill("SIGKILL");
  await owner.ended;
  await Promise.all(clients.map(({ ended }) => ended));

  const database = await opened();
  for (const [index, { told, unknown }] of clients.entries()) {
    const found = await committed(database, `c${index}`);
    expect(told.filter((number) => !found.has(number))).toEqual([]);
    expect(told.length + unknown.length).toBe(60);
    // at most the one that was under way when a holder went: the owner, and any of the others that has done its own
    expect(unknown.length, unknown.join("\n")).toBeLessThanOrEqual(clients.length);
    for (const number of found) if (Number.isInteger(number)) expect(found.has(number + 0.5)).toBe(true);
  }
  const found = await committed(database, "owner");
  expect(owner.told.filter((number) => !found.has(number))).toEqual([]);
  expect(owner.told.length).toBeGreaterThan(0);
});

test("transactions of several clients do not mix, nor do statements that arrive in pieces", {
  timeout: 120_000,
}, async () => {
  const [one, two] = [await opened(), await opened()];
  await one.query("CREATE TABLE pairs (who int, number int)");
  const long = "x".repeat(300_000);
  const seen: unknown[] = [];
  await Promise.all(
    [one, two, one, two].map(async (database, who) => {
      for (let number = 0; number < 25; number += 1) {
        const [row] = await database.query("SELECT $1::text AS text, $2::int AS number", [long + who, number]);
        expect(row).toEqual({ text: long + who, number });
        await database.transaction(async (sql) => {
          await sql.query("INSERT INTO pairs VALUES ($1, $2)", [who, number]);
          seen.push(
            ...(await sql.query("SELECT who FROM pairs GROUP BY who, number HAVING count(*) = 1 AND who <> $1", [who])),
          );
          await sql.query("INSERT INTO pairs VALUES ($1, $2)", [who, number]);
        });
      }
    }),
  );
  expect(seen).toEqual([]);
  expect(await one.query("SELECT count(*)::int AS count FROM pairs")).toEqual([{ count: 200 }]);
});

test("a client that is killed in the middle of a transaction holds nobody up", { timeout: 120_000 }, async () => {
  const database = await opened();
  await database.query("CREATE TABLE commits (who text, number float8)");
  const client = startClient("killed", 100_000);
  await client.isOpen;
  for (let round = 0; client.told.length < 20; round += 1) await database.query("SELECT $1::int", [round]);
  client.child.kill("SIGKILL");
  await client.ended;
  const found = await committed(database, "killed");
  expect(client.told.filter((number) => !found.has(number))).toEqual([]);
  expect(found.size % 2).toBe(0);
});

test("the socket lies in a folder of this user alone, and leaving takes it away", { timeout: 120_000 }, async () => {
  const database = await openDatabase({ dir });
  const [held = ""] = await readdir(join(dir, "lock"));
  const [made = ""] = /entrepot-db-[0-9a-f]+/.exec(await readFile(join(dir, "lock", held), "utf8")) ?? [];
  expect((await stat(join(tmpdir(), made))).mode & 0o777).toBe(0o700);
  await database.close();
  expect(await readdir(tmpdir())).not.toContain(made);
  expect(await readdir(join(dir, "lock"))).toEqual([expect.stringMatching(/^free\.\d+$/)]);
});
