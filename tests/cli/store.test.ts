import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hostile } from "../hostile-inputs.ts";
import { BuiltCommand, parseLines } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;

beforeAll(async () => {
  server = await startS3Server({ buckets: ["b", "empty", "hostile", "moves"] });
  command = await BuiltCommand.build({
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
    AWS_REGION: "us-east-1",
  });
  data = entrepot({ ...server.options, cache: false, env: {}, envFile: false });
  await data.writeText("s3://b/notes.txt", "one\ntwo\nthree\n");
  await data.writeText("s3://b/data/a.csv", "x,y\n1,2\n");
  await data.writeText("s3://b/data/2024/b.csv", "x,y\n3,4\n");
  await data.writeText("s3://b/data.csv.gz", "h\nr\n", { compress: "by-suffix" });
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});
beforeEach(() => server.clearRequests());

describe("ls", () => {
  it.each([
    [["s3://b/"], "data.csv.gz\ndata/\nnotes.txt\n"],
    [["s3://b"], "data.csv.gz\ndata/\nnotes.txt\n"],
    [["s3://b/data"], "2024/\na.csv\n"],
    [["-r", "s3://b/data/"], "2024/b.csv\na.csv\n"],
    [["-r", "--kind", "any", "s3://b/data/"], "2024/\n2024/b.csv\na.csv\n"],
    [["-u", "s3://b/data/"], "s3://b/data/2024/\ns3://b/data/a.csv\n"],
    [["-0", "s3://b/data/"], "2024/\0a.csv\0"],
    [["s3://b/notes.txt"], "notes.txt\n"],
    [["s3://empty/"], ""],
    [["s3://empty"], ""],
  ])("%j", async (args, stdout) => {
    expect(await command.run(["ls", ...args])).toEqual({ code: 0, stdout, stderr: "" });
  });

  it.each([
    ["ls", "-r", "s3://"],
    ["ls", "--kind", "object", "s3://"],
    ["du", "s3://"],
    ["rm", "-r", "--force", "s3://"],
  ])("%s %s %s asks for a bucket", async (...words) => {
    const { code, stdout, stderr } = await command.run(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/holds buckets/);
    expect(server.requests).toEqual([]);
  });

  it("lists the buckets", async () => {
    const { code, stdout } = await command.run(["ls", "s3://"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "b/\nempty/\nhostile/\nmoves/\n" });
  });

  it("shows times and sizes", async () => {
    const { stdout } = await command.run(["ls", "-lh", "s3://b/notes.txt"]);
    expect(stdout).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +14 B {2}notes.txt\n$/);
  });

  it("says as JSON what a program needs", async () => {
    const { stdout } = await command.run(["ls", "--json", "s3://b/"]);
    expect(parseLines(stdout)).toMatchObject([
      { type: "entry", kind: "object", uri: "s3://b/data.csv.gz" },
      { type: "entry", kind: "folder", uri: "s3://b/data/", path: "data/" },
      { type: "entry", kind: "object", uri: "s3://b/notes.txt", sizeBytes: 14, modifiedMs: expect.any(Number) },
    ]);
  });
});

describe("reading", () => {
  it.each([
    [["cat", "s3://b/notes.txt"], "one\ntwo\nthree\n"],
    [["cat", "s3://b/data/a.csv", "s3://b/data/2024/b.csv"], "x,y\n1,2\nx,y\n3,4\n"],
    [["cat", "--decompress", "s3://b/data.csv.gz"], "h\nr\n"],
    [["head", "-n", "2", "s3://b/notes.txt"], "one\ntwo\n"],
    [["head", "-n0", "s3://b/notes.txt"], ""],
    [["head", "s3://b/data.csv.gz"], "h\nr\n"],
    [["head", "-c", "3", "s3://b/notes.txt"], "one"],
    [["head", "-c", "1MiB", "s3://b/notes.txt"], "one\ntwo\nthree\n"],
    [["cp", "s3://b/notes.txt", "-"], "one\ntwo\nthree\n"],
  ])("%j", async (args, stdout) => {
    expect(await command.run(args)).toEqual({ code: 0, stdout, stderr: "" });
  });

  it("stat is readable and complete", async () => {
    const { stdout } = await command.run(["stat", "s3://b/notes.txt"]);
    expect(stdout).toMatch(/^s3:\/\/b\/notes.txt\n {2}size {6}14 bytes\n {2}modified {2}.* UTC\n {2}etag {6}"/);
    const [entry] = parseLines((await command.run(["stat", "--json", "s3://b/notes.txt"])).stdout);
    expect(entry).toMatchObject({ uri: "s3://b/notes.txt", sizeBytes: 14, etag: expect.stringMatching(/^"/) });
  });

  it("path says so where no copy can be kept, instead of naming a file that is gone", async () => {
    const { code, stdout, stderr } = await command.run(["path", "--no-cache", "s3://b/notes.txt"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("no working cache");
  });

  it("path names a file with the same bytes, and asks once when it is there", async () => {
    const first = await command.run(["path", "s3://b/notes.txt"]);
    expect(await readFile(first.stdout.trim(), "utf8")).toBe("one\ntwo\nthree\n");
    server.clearRequests();
    const again = await command.run(["path", "s3://b/notes.txt"]);
    expect(again).toEqual(first);
    expect(server.requests.map(({ status }) => status)).toEqual([304]);
  });

  it("works offline with what was read, and only with that", async () => {
    await command.run(["cat", "s3://b/notes.txt"]);
    server.clearRequests();
    expect((await command.run(["cat", "--offline", "s3://b/notes.txt"])).stdout).toBe("one\ntwo\nthree\n");
    expect((await command.run(["cat", "--offline", "s3://b/data/never-read.csv"])).code).toBe(5);
    expect(server.requests).toEqual([]);
  });

  it("du and presign say what the verbs say", async () => {
    expect((await command.run(["du", "s3://b/data/"])).stdout).toMatch(/^ +16 +2 objects {2}s3:\/\/b\/data\/\n$/);
    const { stdout } = await command.run(["presign", "--expires", "5m", "s3://b/notes.txt"]);
    expect(await (await fetch(stdout.trim())).text()).toBe("one\ntwo\nthree\n");
  });
});

describe("exit codes", () => {
  it.each([
    ["a missing object", ["cat", "s3://b/missing"], {}, 3],
    ["a missing bucket", ["ls", "s3://no-such-bucket/"], {}, 3],
    ["an empty folder", ["ls", "s3://b/nothing/"], {}, 3],
    ["a wrong secret", ["cat", "s3://b/notes.txt"], { AWS_SECRET_ACCESS_KEY: "wrong" }, 4],
    ["nobody listening", ["ls", "--attempts", "1", "s3://b/"], { AWS_ENDPOINT_URL: "http://127.0.0.1:1" }, 5],
    ["an object that is there", ["cp", "--no-clobber", "s3://b/notes.txt", "s3://b/data/a.csv"], {}, 6],
    ["an address that is none", ["cat", "s3:/b/notes.txt"], {}, 2],
    ["two of the same kind", ["cat", "s3://b/missing-1", "s3://b/missing-2"], {}, 3],
    ["two of different kinds", ["cat", "s3://b/missing", "s3:/x"], {}, 1],
  ])("%s", async (_, args, env, code) => {
    const result = await command.run(args, { env });
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(/^error: /m);
    expect(result.stderr).not.toContain("    at ");
    const json = parseLines((await command.run([...args, "--json"], { env })).stderr);
    expect(json.at(-1)).toMatchObject({ type: "error", message: expect.any(String), exitCode: expect.any(Number) });
  });

  it("of one failed copy each thing is said once", async () => {
    const { stderr } = await command.run(["cp", "s3://b/missing", "./x"]);
    expect(stderr.match(/missing/g)).toHaveLength(1);
  });

  it("no credentials at all: the error names the ways to give some", async () => {
    const env = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
    const { code, stderr } = await command.run(["ls", "s3://b/"], { env });
    expect(code).toBe(4);
    for (const way of ["AWS_ACCESS_KEY_ID", "--profile", "aws sso login", "--anonymous"]) expect(stderr).toContain(way);
  });

  it("what could be read is read, and what could not is named", async () => {
    const { code, stdout, stderr } = await command.run(["cat", "s3://b/missing", "s3://b/notes.txt"]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "one\ntwo\nthree\n" });
    expect(stderr).toContain("s3://b/missing");
  });

  it("a copy of many names every key that failed, with its cause", async () => {
    server.inject({ method: "GET", key: /2024/, times: Number.POSITIVE_INFINITY, effect: { status: 403 } });
    const { code, stdout, stderr } = await command.run(["cp", "-r", "--no-cache", "s3://b/data/", "./partly/"]);
    expect(code).toBe(4);
    expect(stdout).toContain("copied s3://b/data/a.csv -> ");
    expect(stderr).toMatch(/s3:\/\/b\/data\/2024\/b.csv: .* \(forbidden\)/);
    expect(await readdir(path.join(command.home, "partly"))).toEqual(["a.csv"]);
  });
});

describe("moving", () => {
  beforeAll(async () => {
    await mkdir(path.join(command.home, "local/sub"), { recursive: true });
    await writeFile(path.join(command.home, "local/a.txt"), "A");
    await writeFile(path.join(command.home, "local/sub/b.txt"), "B");
  });
  const keys = async () => (await data.list("s3://moves/").uris()).map((uri) => uri.slice("s3://moves/".length));

  it.each([
    ["a file to a name", ["local/a.txt", "s3://moves/1/x.txt"], ["1/x.txt"]],
    ["a file into a folder", ["./local/a.txt", "s3://moves/2/"], ["2/a.txt"]],
    ["several into a folder", ["local/a.txt", "local/sub/b.txt", "s3://moves/3/"], ["3/a.txt", "3/b.txt"]],
    ["what lies in a folder", ["-r", "local/", "s3://moves/4/"], ["4/a.txt", "4/sub/b.txt"]],
    ["a folder itself", ["-r", "./local", "s3://moves/5/"], ["5/local/a.txt", "5/local/sub/b.txt"]],
    ["a folder under a new name", ["-r", "./local", "s3://moves/6"], ["6/a.txt", "6/sub/b.txt"]],
    ["object to object", ["s3://moves/1/x.txt", "s3://moves/7/"], ["7/x.txt"]],
    ["folder to folder", ["-r", "s3://moves/4/", "s3://moves/8/"], ["8/a.txt", "8/sub/b.txt"]],
    ["only what matches", ["-r", "--match", "^sub/", "local/", "s3://moves/9/"], ["9/sub/b.txt"]],
  ])("cp copies %s", async (_, args, made) => {
    const before = await keys();
    const { code, stderr } = await command.run(["cp", ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^copied \d+ objects?, /) });
    expect((await keys()).filter((key) => !before.includes(key))).toEqual(made);
  });

  it("cp here brings an object here", async () => {
    expect((await command.run(["cp", "s3://b/notes.txt", "."])).code).toBe(0);
    expect(await readFile(path.join(command.home, "notes.txt"), "utf8")).toBe("one\ntwo\nthree\n");
  });

  it("cp from standard input", async () => {
    const { code, stdout } = await command.run(["cp", "-", "s3://moves/stdin"], { input: "hello" });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "copied - -> s3://moves/stdin (5 B)\n" });
    expect(await data.readText("s3://moves/stdin")).toBe("hello");
  });

  it("cp --json says each file and the sum", async () => {
    const { stdout, stderr } = await command.run(["cp", "--json", "-r", "local/", "s3://moves/json/"]);
    expect(stderr).toBe("");
    const lines = parseLines(stdout);
    expect(
      lines
        .slice(0, -1)
        .map(({ uri }) => String(uri).split("/local/")[1])
        .sort(),
    ).toEqual(["a.txt", "sub/b.txt"]);
    expect(lines.at(-1)).toMatchObject({ type: "summary", copied: { objects: 2, sizeBytes: 2 }, failed: 0 });
  });

  it.each([
    ["cp", ["-r", "local/", "s3://moves/dry/"]],
    ["mv", ["-r", "s3://moves/4/", "s3://moves/dry/"]],
    ["rm", ["-r", "s3://moves/4/"]],
  ])("%s --dry-run says what would happen and changes nothing", async (verb, args) => {
    const before = await keys();
    server.clearRequests();
    const { code, stdout, stderr } = await command.run([verb, "--dry-run", ...args]);
    expect(code).toBe(0);
    expect(stdout.match(/^would /gm)).toHaveLength(2);
    expect(stderr).toMatch(/nothing was changed\n$/);
    expect(server.requests.filter(({ method }) => method !== "GET" && method !== "HEAD")).toEqual([]);
    expect(await keys()).toEqual(before);
  });

  it("mv leaves nothing behind", async () => {
    await data.writeText("s3://moves/from.txt", "x");
    expect((await command.run(["mv", "s3://moves/from.txt", "s3://moves/to.txt"])).code).toBe(0);
    expect(await data.exists("s3://moves/from.txt")).toBe(false);
    expect(await data.readText("s3://moves/to.txt")).toBe("x");
  });

  it("rm says when there was nothing to remove, unless forced", async () => {
    await data.writeText("s3://moves/gone.txt", "x");
    expect((await command.run(["rm", "s3://moves/gone.txt"])).code).toBe(0);
    expect((await command.run(["rm", "s3://moves/gone.txt"])).code).toBe(3);
    expect((await command.run(["rm", "--force", "s3://moves/gone.txt"])).code).toBe(0);
    expect((await command.run(["rm", "-r", "s3://moves/no-folder/"])).code).toBe(3);
  });

  it("rm -r removes a folder and nothing beside it", async () => {
    await data.writeText("s3://moves/r/a", "x");
    await data.writeText("s3://moves/r2", "x");
    expect((await command.run(["rm", "-r", "s3://moves/r/"])).code).toBe(0);
    expect(await data.exists("s3://moves/r/")).toBe(false);
    expect(await data.exists("s3://moves/r2")).toBe(true);
  });

  it("--quiet says nothing when all is well", async () => {
    const result = await command.run(["cp", "-q", "local/a.txt", "s3://moves/quiet"]);
    expect(result).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("hostile keys", () => {
  const keys = hostile.keys.filter((key) => !/\p{Cs}/u.test(key) && !key.includes("\0"));

  it("come and go as they are, and move no cursor", async () => {
    for (const key of keys) await data.writeText({ bucket: "hostile", key }, "x");
    const text = await command.run(["ls", "-r", "--kind", "object", "s3://hostile/"]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(text.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    const { stdout } = await command.run(["ls", "-r", "--json", "s3://hostile/"]);
    const listed = parseLines(stdout).map(({ uri }) => String(uri).slice("s3://hostile/".length));
    expect(new Set(listed)).toEqual(new Set(keys));
  });

  it.each(["-rf", "--help", "`id`", "$(id)", "a b", "../x", "\u001b[31mred", "a//b"])(
    "%j can be read and removed",
    async (key) => {
      await data.writeText({ bucket: "hostile", key }, "x");
      expect((await command.run(["cat", `s3://hostile/${key}`])).stdout).toBe("x");
      const missing = await command.run(["cat", `s3://hostile/${key}-not`]);
      expect(missing.code).toBe(3);
      expect(missing.stderr).not.toContain("\u001b");
      expect((await command.run(["rm", `s3://hostile/${key}`])).code).toBe(0);
    },
  );
});
