/** `tree`, `glob`, `find`, `du --depth` and `ls --versions`, as processes on a real socket. */
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BuiltCommand, parseLines } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;

const old = new Date("2020-01-01T00:00:00Z");
beforeAll(async () => {
  server = await startS3Server({
    fixtures: {
      "b/data/2024/a.csv": "12345",
      "b/data/2024/b.csv.gz": "1",
      "b/data/2025/a.csv": { body: "x".repeat(2000), lastModified: old },
      "b/data/marked/": "",
      "b/data/notes.txt": "hello",
      "b/odd\nname": "",
    },
  });
  command = await BuiltCommand.build({
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
  });
  data = entrepot({ ...server.options, cache: false, env: {}, envFile: false });
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});

describe("tree", () => {
  it("draws folders with what lies in them, and sums up", async () => {
    expect(await command.run(["tree", "s3://b/data/"])).toEqual({
      code: 0,
      stdout: [
        "s3://b/data/",
        "├── 2024/",
        "│   ├── a.csv",
        "│   └── b.csv.gz",
        "├── 2025/",
        "│   └── a.csv",
        "├── marked/",
        "└── notes.txt",
        "",
        "3 folders, 4 objects, 2011 B",
        "",
      ].join("\n"),
      stderr: "",
    });
  });

  it("stops at a depth, shows sizes, or folders alone", async () => {
    expect((await command.run(["tree", "-L", "1", "-sh", "s3://b/data"])).stdout.split("\n").slice(1, 5)).toEqual([
      `${" ".repeat(12)}  ├── 2024/`,
      `${" ".repeat(12)}  ├── 2025/`,
      `${" ".repeat(12)}  ├── marked/`,
      `${"5 B".padStart(12)}  └── notes.txt`,
    ]);
    const { stdout } = await command.run(["tree", "-d", "s3://b/data/"]);
    expect(stdout).toBe("s3://b/data/\n├── 2024/\n├── 2025/\n└── marked/\n\n3 folders\n");
  });

  it("is entries and a summary for machines", async () => {
    const lines = parseLines((await command.run(["tree", "--json", "s3://b/data/"])).stdout);
    expect(lines.map(({ path }) => path).slice(0, 3)).toEqual(["2024/", "2024/a.csv", "2024/b.csv.gz"]);
    expect(lines.at(-1)).toEqual({ type: "tree", uri: "s3://b/data/", folders: 3, objects: 4, sizeBytes: 2011 });
  });

  it("of nothing is an error, of an object the object", async () => {
    expect(await command.run(["tree", "s3://b/none/"])).toMatchObject({ code: 3, stdout: "" });
    expect(await command.run(["tree", "s3://b/data/notes.txt"])).toMatchObject({ code: 0, stdout: "notes.txt\n" });
  });
});

describe("glob", () => {
  it("prints addresses, or paths", async () => {
    const all = await command.run(["glob", "s3://b/data/*/a.csv", "s3://b/data/2024/*"]);
    expect(all.stdout).toBe("s3://b/data/2024/a.csv\ns3://b/data/2025/a.csv\ns3://b/data/2024/b.csv.gz\n");
    expect((await command.run(["glob", "-p", "s3://b/data/**/*.csv"])).stdout).toBe("2024/a.csv\n2025/a.csv\n");
    expect((await command.run(["glob", "--kind", "folder", "s3://b/*"])).stdout).toBe("s3://b/data/\n");
  });

  it("that matches nothing is an error; exact names end in a zero byte", async () => {
    expect((await command.run(["glob", "s3://b/*.parquet"])).code).toBe(3);
    expect((await command.run(["glob", "-0", "s3://b/odd*"])).stdout).toBe("s3://b/odd\nname\0");
    expect((await command.run(["glob", "s3://b/odd*"])).stdout).toBe("s3://b/odd\\nname\n");
  });
});

describe("find", () => {
  it.each([
    [
      ["--name", "*.csv"],
      ["2024/a.csv", "2025/a.csv"],
    ],
    [
      ["--name", "2*"],
      ["2024/", "2025/"],
    ],
    [["--size", "+1kB"], ["2025/a.csv"]],
    [["--size=-2B"], ["2024/b.csv.gz"]],
    [
      ["--size", "5"],
      ["2024/a.csv", "notes.txt"],
    ],
    [["--older", "2021-01-01"], ["2025/a.csv"]],
    [["--newer", "1d", "--name", "*.csv"], ["2024/a.csv"]],
    [
      ["--type", "folder"],
      ["2024/", "2025/", "marked/"],
    ],
    [["-t", "f", "--max-depth", "1"], ["notes.txt"]],
    [["--match", "^2024/.*gz$"], ["2024/b.csv.gz"]],
    [["--name", "none"], []],
  ])("%j", async (words, found) => {
    const { code, stdout, stderr } = await command.run(["find", "s3://b/data/", ...words]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(found.map((path) => `s3://b/data/${path}\n`).join(""));
  });

  it("reads moments as every command does: a time without a zone is UTC, wherever one is", async () => {
    const { modifiedMs = 0 } = await data.stat("s3://b/data/notes.txt");
    const minuteBefore = new Date(modifiedMs - 60_000).toISOString().slice(0, 19);
    const find = (...words: string[]) =>
      command.shell(`TZ=America/New_York entrepot find s3://b/data/ ${words.join(" ")}`);
    expect((await find("--name", "notes.txt", "--newer", minuteBefore)).stdout).toBe("s3://b/data/notes.txt\n");
    const other = `"${minuteBefore.replace("T", " ")}"`;
    expect((await find("--name", "notes.txt", "--newer", other)).stdout).toBe("s3://b/data/notes.txt\n");
    expect((await find("--name", "notes.txt", "--older", other)).stdout).toBe("");
  });

  it("says what it cannot mean", async () => {
    for (const words of [
      ["--name", "a/b"],
      ["--size", "much"],
      ["--newer", "soon"],
      ["--type", "d", "--size", "+1"],
    ])
      expect((await command.run(["find", "s3://b/", ...words])).code).toBe(2);
    expect((await command.run(["find", "s3://b/none/"])).code).toBe(3);
    expect((await command.run(["find", "s3://"])).code).toBe(2);
  });

  it("goes to other programs exactly, and to machines as entries", async () => {
    const { stdout } = await command.shell("entrepot find -0 s3://b/ --name 'odd*' | xargs -0 entrepot stat --json");
    expect(parseLines(stdout)).toMatchObject([{ uri: "s3://b/odd\nname" }]);
    const lines = parseLines((await command.run(["find", "--json", "s3://b/data/", "-t", "d"])).stdout);
    expect(lines.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      "folder 2024/",
      "folder 2025/",
      "folder marked/",
    ]);
  });
});

describe("du --depth", () => {
  it("sums each folder of so many levels, and the whole", async () => {
    const { stdout } = await command.run(["du", "--depth", "1", "s3://b/data/"]);
    expect(stdout.split("\n").map((line) => line.trim().split(/ {2,}/))).toEqual([
      ["6", "2 objects", "s3://b/data/2024/"],
      ["2000", "1 object", "s3://b/data/2025/"],
      ["0", "0 objects", "s3://b/data/marked/"],
      ["2011", "4 objects", "s3://b/data/"],
      [""],
    ]);
    expect((await command.run(["du", "--glob", "--depth", "1", "s3://b/*"])).code).toBe(2);
  });
});

describe("ls --versions", () => {
  it("shows every version and delete marker, of a folder or of one object", async () => {
    await command.run(["mb", "s3://versions"]);
    const { S3Client, PutBucketVersioningCommand } = await import("@aws-sdk/client-s3");
    const sdk = new S3Client({
      endpoint: server.endpoint,
      credentials: { accessKeyId: server.credentials.accessKeyId, secretAccessKey: server.credentials.secretAccessKey },
      region: "us-east-1",
      forcePathStyle: true,
    });
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await sdk.send(new PutBucketVersioningCommand({ Bucket: "versions", VersioningConfiguration }));
    sdk.destroy();
    for (const text of ["one", "three"]) await data.writeText("s3://versions/d/k", text);
    await data.remove("s3://versions/d/k");
    await data.writeText("s3://versions/d/kk", "");
    const ids = (await data.list("s3://versions/", { versions: true }).toArray()).map(({ versionId }) => versionId);
    const lines = (await command.run(["ls", "--versions", "s3://versions/d/"])).stdout.split("\n");
    expect(lines).toEqual([
      `k  ${ids[0]}  latest  deleted`,
      `k  ${ids[1]}`,
      `k  ${ids[2]}`,
      `kk  ${ids[3]}  latest`,
      "",
    ]);
    const json = parseLines((await command.run(["ls", "--versions", "--json", "s3://versions/d/k"])).stdout);
    expect(json.map(({ kind, sizeBytes }) => [kind, sizeBytes])).toEqual([
      ["delete-marker", undefined],
      ["version", 5],
      ["version", 3],
    ]);
    const { stdout } = await command.run(["cat", String(json[2]?.["uri"])]);
    expect(stdout).toBe("one");
    expect((await command.run(["ls", "--versions", "s3://versions/none"])).code).toBe(3);
    expect((await command.run(["ls", "--versions", "--kind", "any", "s3://versions/"])).code).toBe(2);
  });
});
