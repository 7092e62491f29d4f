/** What waits, from the shell: queued, listed, sent, in conflict, saved, discarded; and a push that is killed. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Depot } from "entrepot";
import type { S3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { openShellWorld } from "./shell-world.ts";
import { type BuiltCommand, ended, parseLines } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;

beforeAll(async () => {
  ({ server, command, data } = await openShellWorld("b", { AWS_REGION: "us-east-1" }));
  await writeFile(path.join(command.home, "mine.txt"), "mine\n");
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});
beforeEach(() => server.clearRequests());

const queue = (target: string) =>
  command.run(["cp", "--offline", "mine.txt", target], { env: { ENTREPOT_OUTBOX: "1" } });
const waiting = async () => {
  const { stdout } = await command.run(["offline", "outbox", "--json"]);
  return parseLines(stdout).filter(({ type }) => type === "queued");
};

it("a copy that waits says how it is sent, and is sent by that", async () => {
  const queued = await queue("s3://b/a.txt");
  expect(queued.code).toBe(0);
  expect(queued.stdout).toBe("queued mine.txt -> s3://b/a.txt\n");
  expect(queued.stderr).toMatch(
    /^note: s3:\/\/b\/a\.txt: queued as 1-[0-9a-f]{8}: will be sent by entrepot offline push$/m,
  );
  expect(server.requests).toEqual([]);
  const listed = await command.run(["offline", "outbox"]);
  expect(listed.stdout).toMatch(/^1-[0-9a-f]{8} +5 B .* ago {2}s3:\/\/b\/a\.txt\n1 change, 5 B; entrepot offline push/);
  const diagnosis = await command.run(["doctor"]);
  expect(diagnosis.stdout).toMatch(/outbox +1 change waits to be sent/);
  const planned = await command.run(["offline", "push", "--dry-run"]);
  expect(planned).toMatchObject({ code: 0, stdout: "would send s3://b/a.txt\n" });
  const sent = await command.run(["offline", "push"]);
  expect(sent).toMatchObject({ code: 0, stdout: "sent s3://b/a.txt\n" });
  expect(sent.stderr).toMatch(/^sent 1 object, 5 B in/);
  expect(await data.readText("s3://b/a.txt")).toBe("mine\n");
  expect(await command.run(["offline", "outbox"])).toMatchObject({ code: 0, stdout: "nothing waits to be sent\n" });
});

it("a conflict ends with 6 and changes nothing; then it is saved, overwritten or discarded by its id", async () => {
  await data.writeText("s3://b/c.txt", "theirs\n");
  await queue("s3://b/c.txt");
  const pushed = await command.run(["offline", "push"]);
  expect(pushed.code).toBe(6);
  expect(pushed.stderr).toMatch(
    /s3:\/\/b\/c\.txt is another version by now \(7 bytes, .*what waits as \d+-\w{8} was not sent/,
  );
  expect(await data.readText("s3://b/c.txt")).toBe("theirs\n");
  const [entry] = await waiting();
  expect(entry).toMatchObject({ state: "conflict", found: { sizeBytes: 7 } });
  const id = String(entry?.["id"]);
  expect((await command.run(["offline", "outbox"])).stdout).toMatch(
    /conflict: the server has 7 B of .*1 in conflict: offline save ID, offline discard ID, or offline push --overwrite ID\n$/s,
  );
  expect(await command.run(["offline", "save", id, "saved.txt"])).toMatchObject({ code: 0 });
  expect(await readFile(path.join(command.home, "saved.txt"), "utf8")).toBe("mine\n");
  expect(await command.run(["offline", "push", "--overwrite", id])).toMatchObject({ code: 0 });
  expect(await data.readText("s3://b/c.txt")).toBe("mine\n");
  await queue("s3://b/d.txt");
  const [other] = await waiting();
  expect(await command.run(["offline", "discard", String(other?.["id"])])).toMatchObject({ code: 0 });
  expect(await command.run(["offline", "discard", "1-00000000"])).toMatchObject({ code: 3 });
  expect(await waiting()).toEqual([]);
});

it("a removal says that it waits, and a push that it removes", async () => {
  await data.writeText("s3://b/gone.txt", "x\n");
  await command.run(["cat", "s3://b/gone.txt"]);
  const queued = await command.run(["rm", "--offline", "--outbox", "s3://b/gone.txt"]);
  expect(queued).toMatchObject({ code: 0, stdout: "queued s3://b/gone.txt\n" });
  expect(queued.stderr).toMatch(/^queued 1 object, 2 B in/m);
  expect(queued.stderr).not.toMatch(/removed/);
  const status = await command.run(["offline", "status"]);
  expect(status.stdout).toMatch(/^1 change waits to be sent: entrepot offline outbox shows what$/m);
  const planned = await command.run(["offline", "push", "--dry-run"]);
  expect(planned).toMatchObject({ code: 0, stdout: "would remove s3://b/gone.txt\n" });
  expect(planned.stderr).toMatch(/would send 0 objects, 0 B, would remove 1 object/);
  const skipped = await command.run(["offline", "push", "--anonymous"]);
  expect(skipped.stdout).toMatch(/^skipped s3:\/\/b\/gone\.txt: queued for another endpoint, or signed/);
  expect((await command.run(["offline", "outbox", "--anonymous"])).stdout).toMatch(
    /not sent by these settings: queued/,
  );
  const sent = await command.run(["offline", "push"]);
  expect(sent).toMatchObject({ code: 0, stdout: "removed s3://b/gone.txt\n" });
  expect(await data.exists("s3://b/gone.txt")).toBe(false);
});

it("a push that is killed while it sends is done by the next", async () => {
  await queue("s3://b/k.txt");
  // The server has it, and never says so.
  server.inject("PutObject k.txt latency 60s");
  const child = command.start(["offline", "push"]);
  const killed = ended(child);
  while (!(await data.exists("s3://b/k.txt"))) expect(child.exitCode).toBeNull();
  child.kill("SIGKILL");
  expect((await killed).code).toBe("SIGKILL");
  expect(await locks()).toHaveLength(1);
  server.clearRequests();
  expect(await command.run(["offline", "push"])).toMatchObject({ code: 0, stdout: "sent s3://b/k.txt\n" });
  expect(server.requests.filter(({ method, status }) => method === "PUT" && status < 300)).toEqual([]);
  expect(await locks()).toEqual([]);
});

async function locks(): Promise<string[]> {
  const names = await readdir(path.join(command.home, ".cache/entrepot/outbox"), { recursive: true });
  return names.filter((name) => name.endsWith(".lock"));
}

it("what is off stays off: without the setting a copy fails at once", async () => {
  expect(await command.run(["cp", "--offline", "mine.txt", "s3://b/x.txt"])).toMatchObject({ code: 5 });
  expect(await command.run(["cp", "--offline", "--outbox", "mine.txt", "s3://b/x.txt"])).toMatchObject({ code: 0 });
  expect(await waiting()).toHaveLength(1);
});
