/** Jobs from the shell: planned, limited, killed, listed, gone on with. */
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { BuiltCommand, ended, parseLines } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;

beforeAll(async () => {
  server = await startS3Server({ buckets: ["b"] });
  command = await BuiltCommand.build({
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: "us-east-1",
  });
  await mkdir(path.join(command.home, "few"));
  for (const name of ["a", "b", "c"]) await writeFile(path.join(command.home, "few", name), `body ${name}`);
});
afterAll(async () => {
  await command.close();
  await server.close();
});
beforeEach(() => server.clearRequests());

it("a dry run tells the plan with its requests, and a limit refuses with them", async () => {
  const dry = await command.run(["cp", "-r", "--dry-run", "few", "s3://b/few/"]);
  expect(dry.code).toBe(0);
  expect(dry.stderr).toContain("would copy 3 objects, 18 B, by 3 requests (3 PUT); nothing was changed");
  const json = await command.run(["cp", "-r", "--dry-run", "--json", "few", "s3://b/few/"]);
  expect(parseLines(json.stdout).at(-1)).toMatchObject({
    type: "summary",
    plan: { objects: 3, sizeBytes: 18, requests: { total: 3, put: 3, get: 0 } },
  });
  const refused = await command.run(["cp", "-r", "--max-bytes", "10B", "few", "s3://b/few/"]);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain("3 objects would take 18 bytes, and 10 are allowed; nothing was done");
  expect((await command.run(["cp", "-r", "--max-requests", "2", "few", "s3://b/few/"])).code).toBe(refused.code);
  expect(server.count("PutObject")).toBe(0);
});

it("what failed is listed with its cause, resumed, and then nothing is left", async () => {
  server.inject({ operation: "PutObject", key: "few/b", effect: { status: 403 } });
  expect((await command.run(["cp", "-r", "few/", "s3://b/few/"])).code).not.toBe(0);
  const listed = await command.run(["jobs", "list"]);
  expect(listed.stdout).toMatch(
    /^[0-9a-f]{16} {2}failed {2}.* ago {2}copy \/.*few\/ -> s3:\/\/b\/few\/ {2}\(2 of 3 objects/,
  );
  expect(listed.stdout).toMatch(/few\/b.*\n1 job; entrepot jobs resume ID goes on/);
  const [job] = parseLines((await command.run(["jobs", "list", "--json"])).stdout);
  expect(job).toMatchObject({ type: "job", state: "failed", doneObjects: 2, failed: [{ code: "forbidden" }] });
  server.clearRequests();
  const resumed = await command.run(["jobs", "resume", "--all"]);
  expect(resumed.code).toBe(0);
  expect(server.received({ operation: "PutObject" }).map(({ key }) => key)).toEqual(["few/b"]);
  expect((await command.run(["jobs", "list"])).stdout).toBe("nothing is unfinished\n");
  expect((await command.run(["jobs", "resume", "0123456789abcdef"])).code).not.toBe(0);
});

it("a download into a new folder that was interrupted goes on with the same words, though the folder is there by now", async () => {
  for (const name of ["a", "b", "c"]) await command.run(["cp", `few/${name}`, `s3://b/nest/${name}`]);
  server.inject({ operation: "GetObject", key: "nest/b", effect: { status: 403 } });
  expect((await command.run(["cp", "-r", "s3://b/nest", "dl"])).code).not.toBe(0);
  server.clearRequests();
  const again = await command.run(["cp", "-r", "s3://b/nest", "dl"]);
  expect(again.code).toBe(0);
  expect(again.stderr).toMatch(/^note: going on with the unfinished job [0-9a-f]{16}: s3:\/\/b\/nest\/ -> dl\/$/m);
  expect(server.received({ operation: "GetObject" }).map(({ key }) => key)).toEqual(["nest/b"]);
  expect((await command.run(["jobs", "list"])).stdout).toBe("nothing is unfinished\n");
  expect(await readdir(path.join(command.home, "dl"))).toEqual(["a", "b", "c"]);
  const third = await command.run(["cp", "-r", "s3://b/nest", "dl"]);
  expect(third.stderr).not.toContain("going on");
  expect(await readdir(path.join(command.home, "dl"))).toEqual(["a", "b", "c", "nest"]);
});

it("what lies in a folder and is no object is said as left out, and is no failure", async () => {
  await mkdir(path.join(command.home, "odd"));
  await writeFile(path.join(command.home, "odd", "a"), "a");
  await symlink("nowhere", path.join(command.home, "odd", "dangling"));
  for (const verb of [["cp", "-r"], ["sync"]]) {
    const { code, stdout, stderr } = await command.run([...verb, "odd/", "s3://b/odd/"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^skipped odd\/dangling: a link that leads nowhere$/m);
    expect(stderr).toMatch(/1 left out/);
    expect(stderr).toMatch(/^warning: odd\/dangling was left out: a link that leads nowhere$/m);
  }
  const json = parseLines((await command.run(["cp", "-r", "--json", "odd/", "s3://b/odd/"])).stdout);
  expect(json).toContainEqual(
    expect.objectContaining({ type: "file", action: "skip", target: null, reason: "a link that leads nowhere" }),
  );
});

it("a large upload that is killed goes on with the same command, and its parts can be taken away instead", async () => {
  const bytes = Buffer.alloc(72 * 1024 * 1024);
  for (let at = 0; at < bytes.length; at += 4096) bytes.writeUInt32LE(at, at);
  await writeFile(path.join(command.home, "large"), bytes);
  const times = Number.POSITIVE_INFINITY;
  server.inject({ operation: "UploadPart", times, effect: { latency: { kind: "constant", ms: 200 } } });
  const kill = async () => {
    const child = command.start(["cp", "large", "s3://b/large"]);
    await server.waitFor({ operation: "UploadPart", status: 200 }, { times: 1 });
    child.kill("SIGKILL");
    await ended(child);
  };
  await kill();
  const [upload] = parseLines((await command.run(["jobs", "uploads", "--json", "s3://b/"])).stdout);
  expect(upload).toMatchObject({ type: "upload", uri: "s3://b/large", isRunning: false, aborted: false });
  server.clearRequests();
  expect((await command.run(["cp", "large", "s3://b/large"])).code).toBe(0);
  expect([server.count("CreateMultipartUpload"), server.count("ListParts")]).toEqual([0, 1]);
  expect(Buffer.compare((await server.objects("b").get("large")?.bytes()) ?? Buffer.alloc(0), bytes)).toBe(0);
  server.clearRequests();
  await kill();
  const aborted = await command.run(["jobs", "gc", "--older-than", "0"]);
  expect(aborted.stdout).toMatch(/^aborted [0-9a-f]{16}\naborted 1 job\n$/);
  expect(server.count("AbortMultipartUpload")).toBe(1);
  expect((await command.run(["jobs", "uploads", "--all", "s3://b/"])).stdout).toBe("0 uploads\n");
  expect(await readFile(path.join(command.home, "large"))).toHaveLength(bytes.length);
});

it("Ctrl-C keeps what is half done, and says how to go on with it and how to give it up", async () => {
  await writeFile(path.join(command.home, "huge"), Buffer.alloc(72 * 1024 * 1024, "up"));
  const times = Number.POSITIVE_INFINITY;
  server.inject({ operation: "UploadPart", key: "huge", times, effect: { latency: { kind: "constant", ms: 300 } } });
  const interrupt = async (...options: readonly string[]) => {
    const child = command.start(["cp", ...options, "huge", "s3://b/huge"]);
    const end = ended(child);
    await server.waitFor("UploadPart");
    child.kill("SIGINT");
    return end;
  };
  const { code, stderr } = await interrupt();
  expect(code).toBe(130);
  const [, id = ""] =
    /^error: interrupted\nhint: .*same command goes on, or entrepot jobs resume ([0-9a-f]{16}); entrepot jobs abort \1 gives up\n$/.exec(
      stderr,
    ) ?? [];
  expect(stderr).toContain(id);
  const [job] = parseLines((await command.run(["jobs", "list", "--json"])).stdout);
  expect(job).toMatchObject({ id, state: "interrupted" });
  server.clearRequests();
  const again = await interrupt("--json");
  expect(parseLines(again.stderr).at(-1)).toMatchObject({ code: "interrupted", exitCode: 130, jobIds: [id] });
  expect((await command.run(["jobs", "abort", id])).code).toBe(0);
  expect((await command.run(["jobs", "uploads", "--all", "s3://b/"])).stdout).toBe("0 uploads\n");
});

it("a job whose journal is damaged is listed, and can be given up", async () => {
  server.inject({ operation: "PutObject", key: "few/b", effect: { status: 403 } });
  await command.run(["cp", "-r", "few/", "s3://b/few/"]);
  const [{ id = "" } = {}] = parseLines((await command.run(["jobs", "list", "--json"])).stdout) as { id?: string }[];
  const jobs = path.join(command.home, ".cache", "entrepot", "jobs");
  await writeFile(path.join(jobs, id, "job.ndjson"), "?");
  expect((await command.run(["jobs", "list"])).stdout).toMatch(
    new RegExp(`^${id} {2}damaged .*cannot be read\n1 job;`),
  );
  const [job] = parseLines((await command.run(["jobs", "list", "--json"])).stdout);
  expect(job).toMatchObject({ id, state: "damaged", verb: null });
  const resumed = await command.run(["jobs", "resume", id]);
  expect([resumed.code === 0, resumed.stderr.includes("same call again")]).toEqual([false, true]);
  expect((await command.run(["jobs", "abort", id])).stdout).toBe(`aborted ${id}\n`);
  expect((await command.run(["jobs", "list"])).stdout).toBe("nothing is unfinished\n");
});
