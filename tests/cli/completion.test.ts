/** TAB in real shells: what the scripts of `entrepot completion` come to, against a server over a socket. */
import { spawn, spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BuiltCommand, ended } from "./spawn-command.ts";

const hostile = [
  "plain.csv",
  "a b.csv",
  "it's.csv",
  'say "hi".csv',
  "$HOME.csv",
  "`id`.csv",
  "back\\slash.csv",
  "line\nbreak.csv",
  "colon:and=more.csv",
  "tab\there.csv",
  "semi;colon&(x).csv",
  "wow!really!.csv",
  "star*[a]?.csv",
  "esc\x1b[31m.csv",
  "dir\u202eout.csv",
  "größe 東京.csv",
  "~tilde.csv",
  "#hash.csv",
  "-dash.csv",
];

let server: S3Server;
let command: BuiltCommand;
let data: Depot;

beforeAll(async () => {
  server = await startS3Server({ buckets: ["bucket-one", "bucket-two", "other"] });
  command = await BuiltCommand.build({
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
    LC_ALL: "C.UTF-8",
  });
  data = entrepot({ ...server.options, cache: false, env: {}, envFile: false });
  for (const name of hostile) await data.writeText({ bucket: "bucket-one", key: `names/${name}` }, "x");
  for (const key of ["data/2024/a.csv", "data/2025/b.csv", "data.csv", "notes.txt"])
    await data.writeText({ bucket: "bucket-two", key }, "x");
  await mkdir(path.join(command.home, "local data/empty"), { recursive: true });
  await writeFile(path.join(command.home, "local data/file 1.csv"), "x");
  await writeFile(path.join(command.home, "local.txt"), "x");
  await writeFile(path.join(command.home, ".hidden"), "x");
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});
beforeEach(() => server.clearRequests());

type Env = Record<string, string | undefined>;

/** As bash calls the function: what stands in COMPREPLY, and what it said on the terminal. */
async function bash(line: string, env: Env = {}): Promise<string[]> {
  const program = `eval "$(entrepot completion bash)"
    COMP_LINE=$1 COMP_POINT=\${#1} COMP_WORDS=($1) COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    _entrepot entrepot "" ""
    printf '%s\\0' "\${COMPREPLY[@]}"`;
  const { code, stdout, stderr } = await inShell(
    "bash",
    ["--norc", "--noprofile", "-f", "-c", program, "bash", line],
    env,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout
    .split("\0")
    .slice(0, -1)
    .filter((reply) => reply !== "");
}

function inShell(shell: string, args: readonly string[], env: Env = {}) {
  return ended(spawn(shell, args, { cwd: command.home, env: { ...command.env, ...env } }));
}

describe("bash completes", () => {
  it.each([
    ["entrepot c", ["cat ", "cp ", "cache ", "completion "]],
    ["entrepot ls --ki", ["--kind "]],
    ["entrepot ls --kind=f", ["folder "]],
    ["entrepot cp --sse=aws:k", ["kms ", "kms:dsse "]],
    ["entrepot ls s3://bu", ["//bucket-one/", "//bucket-two/"]],
    ["entrepot ls s3://bucket-two/da", ["//bucket-two/data.csv ", "//bucket-two/data/"]],
    ["entrepot ls s3\\://bucket-two/no", ["s3://bucket-two/notes.txt "]],
    ['entrepot ls "s3://bucket-two/da', ["s3://bucket-two/data.csv", "s3://bucket-two/data/"]],
    ["entrepot cp loc", ["local\\ data/", "local.txt "]],
    ["entrepot cp local\\ data/", ["local\\ data/empty/", "local\\ data/file\\ 1.csv "]],
    ["entrepot cp './local data/f", ["./local data/file 1.csv"]],
    ["entrepot cp ~/local.", ["~/local.txt "]],
    ["entrepot cp .h", [".hidden "]],
    ["entrepot cp local.txt --dry-run s3://oth", ["//other/"]],
    ["entrepot serve --faults loc", ["local\\ data/", "local.txt "]],
  ])("%s", async (line, expected) => {
    expect((await bash(line)).sort()).toEqual([...expected].sort());
  });

  it("asks for one page of one level, and lists buckets once", async () => {
    await bash("entrepot ls s3://bucket-two/da");
    expect(server.requests.map(({ method, operation }) => [method, operation])).toEqual([["GET", "ListObjectsV2"]]);
    server.clearRequests();
    server.inject({ operation: "ListObjectsV2", effect: { listing: "empty-page" } });
    expect(await bash("entrepot ls s3://bucket-two/da")).toEqual([]);
    expect(server.requests).toHaveLength(1);
    server.clearRequests();
    await bash("entrepot ls s3://bu");
    expect(server.requests.map(({ operation }) => operation)).toEqual(["ListBuckets"]);
  });

  it("asks as the line says", async () => {
    expect(await bash("entrepot ls --anonymous s3://bucket-two/da")).toEqual([]);
    expect(server.requests[0]).toMatchObject({ status: 403 });
    const elsewhere = { AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
    expect(await bash(`entrepot ls --endpoint ${server.endpoint} s3://oth`, elsewhere)).toEqual(["//other/"]);
  });
});

describe("a name is quoted so that it means itself", () => {
  it.each(["", '"', "'"])("after %s", async (open) => {
    const replies = await bash(`entrepot cat ${open}s3://bucket-one/names/`);
    for (const reply of replies) expect(reply).not.toMatch(/[\p{Cc}\u202e]/u);
    const words = replies.map((reply) => `${open === "" ? "s3:" : open}${reply}${open}`);
    const { stdout } = await inShell("bash", ["-c", `printf '%s\\0' ${words.join(" ")}`]);
    const names = hostile.map((name) => `s3://bucket-one/names/${name}`);
    expect(stdout.split("\0").slice(0, -1).sort()).toEqual(names.sort());
  });

  it("wherever the cursor stands in it", async () => {
    for (const [line, reply] of [
      ["entrepot cat s3://bucket-one/names/a\\ ", "//bucket-one/names/a\\ b.csv "],
      ['entrepot cat "s3://bucket-one/names/say \\"h', 's3://bucket-one/names/say \\"hi\\".csv'],
      ["entrepot cat s3://bucket-one/names/colon:a", "and=more.csv "],
      ["entrepot cat s3://bucket-one/names/line$'\\n'br", "//bucket-one/names/line$'\\012'break.csv "],
    ] as const)
      expect(await bash(line)).toEqual([reply]);
  });
});

describe("a server that cannot be asked", () => {
  it("is no error and no long wait", async () => {
    const silent = { AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
    expect(await bash("entrepot ls s3://bu", silent)).toEqual([]);
    server.inject({ effect: { silent: true } });
    expect(await bash("entrepot ls s3://bucket-two/da")).toEqual([]);
  });

  it("leaves what is known here: pinned listings, then copies", async () => {
    const cache = { ENTREPOT_CACHE_DIR: path.join(command.home, "cache") };
    await command.run(["cache", "pin", "s3://bucket-two/data/"], { env: cache });
    await command.run(["path", "s3://bucket-two/notes.txt"], { env: cache });
    server.clearRequests();
    const offline = { ...cache, ENTREPOT_NETWORK: "offline" };
    expect(await bash("entrepot cat s3://bucket-two/data/", offline)).toEqual([
      "//bucket-two/data/2024/",
      "//bucket-two/data/2025/",
    ]);
    expect(await bash("entrepot cat s3://bucket-two/n", offline)).toEqual(["//bucket-two/notes.txt "]);
    expect(await bash("entrepot cat s3://b", offline)).toEqual(["//bucket-two/"]);
    expect(server.requests).toEqual([]);
    server.inject({ effect: { refuseConnection: true } });
    expect(await bash("entrepot cat s3://bucket-two/n", cache)).toEqual(["//bucket-two/notes.txt "]);
  });
});

it("more than a page is a page", async () => {
  const many = await startS3Server({ buckets: ["many"] });
  const own = entrepot({ ...many.options, cache: false, env: {}, envFile: false });
  await Promise.all(
    Array.from({ length: 1_200 }, (_, n) => own.writeText(`s3://many/${String(n).padStart(4, "0")}`, "")),
  );
  many.clearRequests();
  expect(await bash("entrepot cat s3://many/", { AWS_ENDPOINT_URL: many.endpoint })).toHaveLength(1_000);
  expect(many.requests).toHaveLength(1);
  await own.close();
  await many.close();
});

it("bare names are completed under the root in force", async () => {
  const env = { ENTREPOT_ROOT_CLOUD: "s3://bucket-two/data/", ENTREPOT_LOCATION: "cloud" };
  expect(await bash("entrepot ls 20", env)).toEqual(["2024/", "2025/"]);
  expect(await bash("entrepot ls 2024/", env)).toEqual(["2024/a.csv "]);
});

const has = (shell: string) => spawnSync(shell, ["--version"]).status === 0;
for (const shell of ["zsh", "fish"])
  if (!has(shell))
    console.warn(`NOT TESTED: completion in ${shell}, which is not installed (apt-get install ${shell})`);

describe.skipIf(!has("zsh"))("zsh", () => {
  /** What the function gives to compadd, which needs a terminal: word by word, with its suffix. */
  async function zsh(words: readonly string[], env: Env = {}) {
    const program = `
      compdef() { : }
      compset() { [[ $1 == -P ]] && PREFIX=\${PREFIX#$~2} }
      compadd() {
        local suffix=' ' array=\${@[-1]}
        [[ \${@[(ie)-S]} -le $# ]] && suffix=''
        for word in "\${(@P)array}"; do print -rn -- "$word$suffix"$'\\0'; done
      }
      eval "$(entrepot completion zsh)"
      words=("$@") CURRENT=$# PREFIX=\${@[-1]}
      _entrepot
      true`;
    const { code, stdout, stderr } = await inShell("zsh", ["-f", "-c", program, "zsh", ...words], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return stdout.split("\0").slice(0, -1);
  }

  it.each([
    [["cache", "pr"], ["prune "]],
    [
      ["ls", "s3://bu"],
      ["s3://bucket-one/", "s3://bucket-two/"],
    ],
    [
      ["ls", "s3://bucket-two/da"],
      ["s3://bucket-two/data/", "s3://bucket-two/data.csv "],
    ],
    [
      ["cp", "local\\ data/"],
      ["local data/empty/", "local data/file 1.csv "],
    ],
    [["cp", "~/local."], ["local.txt "]],
  ])("completes %j", async (words, expected) => {
    expect((await zsh(["entrepot", ...words])).sort()).toEqual([...expected].sort());
  });

  it("gets every name as it is, and quotes it itself", async () => {
    const names = await zsh(["entrepot", "cat", "s3://bucket-one/names/"]);
    expect(names.sort()).toEqual(hostile.map((name) => `s3://bucket-one/names/${name} `).sort());
  });
});

describe.skipIf(!has("fish"))("fish", () => {
  async function fish(line: string, env: Env = {}) {
    const program = "entrepot completion fish | source; complete -C $argv[1]";
    const { code, stdout, stderr } = await inShell("fish", ["--no-config", "-c", program, line], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return stdout.split("\n").flatMap((row) => row.split("\t")[0] || []);
  }

  it.each([
    ["entrepot cache pr", ["prune"]],
    ["entrepot ls s3://bu", ["s3://bucket-one/", "s3://bucket-two/"]],
    ["entrepot ls s3://bucket-two/da", ["s3://bucket-two/data.csv", "s3://bucket-two/data/"]],
    ["entrepot ls 's3://bucket-two/no", ["s3://bucket-two/notes.txt"]],
    ["entrepot cp local\\ data/f", ["local data/file 1.csv"]],
  ])("completes %s", async (line, expected) => {
    expect((await fish(line)).sort()).toEqual([...expected].sort());
  });
});
