/** Seven secrets, and every place where a program leaves words: none of them is there, whatever fails. */
import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { type Depot, type EntrepotOptions, entrepot } from "entrepot";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { BuiltCommand } from "../cli/spawn-command.ts";
import { startProxy } from "../proxy-server.ts";
import { canaries, keys, leaked, noKeys, openStage, type Stage, usualEnv } from "./stage.ts";

let stage: Stage;
let command: BuiltCommand;
beforeAll(async () => {
  command = await BuiltCommand.build();
});
afterAll(() => command.close());
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** Names and contents of everything below a folder. */
async function everything(folder: string, except: readonly string[] = []): Promise<string> {
  const words: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (except.some((known) => path.endsWith(known))) continue;
    words.push(path);
    if (entry.isFile()) words.push(await readFile(path, "latin1"));
    if (entry.isSymbolicLink()) words.push(await readlink(path));
  }
  return words.join("\n");
}

/** Everything that an error could be printed as. */
function printed(error: unknown): string {
  const words = [inspect(error, { depth: 10, showHidden: true }), JSON.stringify(error), String(error)];
  for (let at = error; at instanceof Error; at = at.cause) words.push(at.message, at.stack ?? "", JSON.stringify(at));
  return words.join("\n");
}

describe("a program", () => {
  test("sees no secret in errors, events, settings, local copies and their names", async () => {
    const events: unknown[] = [];
    const proxy = stage.use(await startProxy({ portOf: () => 1, authorization: "Basic none" }));
    const base = {
      env: { HOME: stage.home },
      envFile: false,
      endpoint: stage.s3.endpoint,
      credentials: { ...keys, sessionToken: canaries.sessionToken },
      sse: { customerKey: Buffer.from(canaries.customerKey, "base64") },
      cache: { dir: join(stage.home, "cache") },
      retries: { attempts: 1 },
      onEvent: (event: unknown) => events.push(event),
    } as const;
    const said: string[] = [];
    const fail = async (options: object, work: (data: Depot) => Promise<unknown>) => {
      try {
        await using data = entrepot({ ...base, ...options } as EntrepotOptions) as Depot;
        said.push(inspect(data, { depth: 6, showHidden: true }));
        await work(data);
      } catch (error) {
        said.push(printed(error));
        return;
      }
      throw new Error("it should have failed");
    };
    const read = (data: Depot) => data.readText("s3://b/k.txt");
    const echo = await stage.answering(({ headers }) => ({
      status: 403,
      headers: { "content-type": "application/xml" },
      body: `<Error><Code>AccessDenied</Code><Message>${keys.secretAccessKey} ${headers["x-amz-security-token"]}</Message></Error>`,
    }));
    await fail({}, read);
    await fail({}, (data) => data.writeText("s3://b/k.txt", "x"));
    await fail({ endpoint: echo, sse: undefined }, read);
    await fail({ endpoint: "http://127.0.0.1:1" }, read);
    const behind = {
      endpoint: "https://s3.example.test",
      proxy: `http://u:${canaries.proxyPassword}@127.0.0.1:${proxy.port}`,
    };
    await fail(behind, read);
    await fail({ proxy: `socks5://u:${canaries.proxyPassword}@h` }, read);
    await fail({ endpoint: `https://u:${canaries.proxyPassword}@h` }, read);
    await fail({ sse: { customerKey: canaries.customerKey.slice(1) } }, read);
    expect(said.length).toBeGreaterThan(10);
    expect(events.length).toBeGreaterThan(2);
    expect(said.join("\n")).not.toMatch(leaked);
    expect(inspect(events, { depth: 10 }) + JSON.stringify(events)).not.toMatch(leaked);
    expect(await everything(stage.home)).not.toMatch(leaked);
  });
});

describe("the command", () => {
  test("leaves no secret in what it says, keeps, or starts", async () => {
    const given = JSON.stringify({ Version: 1, AccessKeyId: keys.accessKeyId, SecretAccessKey: canaries.secretKey });
    const answer = await stage.file("answer.json", given);
    const program = await stage.file(
      "program",
      `#!/bin/sh\ncat /proc/$PPID/cmdline /proc/$$/cmdline >> "${stage.home}/cmdlines"\ncat "${answer}"\n`,
      0o700,
    );
    await stage.file(".aws/config", `[profile p]\ncredential_process = ${program}\n`);
    await stage.file("data.txt", "some data");
    const env = {
      ...usualEnv(stage),
      ...noKeys,
      HOME: stage.home,
      AWS_PROFILE: "p",
      AWS_SECURITY_TOKEN: canaries.sessionToken,
      HTTPS_PROXY: `http://u:${canaries.proxyPassword}@127.0.0.1:1`,
      ENTREPOT_CACHE_DIR: join(stage.home, "cache"),
    };
    const uri = "s3://b/data.txt";
    const said: string[] = [];
    const codes: (number | string)[] = [];
    for (const args of [
      ["cp", join(stage.home, "data.txt"), uri],
      ["cat", uri],
      ["cat", "--debug", "s3://b/none"],
      ["ls", "--json", "--debug", "s3://no-such-bucket/"],
      ["stat", "--debug", "--endpoint", "https://s3.example.test", "--attempts", "1", uri],
      ["doctor", "--debug", uri],
      ["doctor", "--json", "--debug", uri],
      ["explain", "--debug", uri],
      ["explain", "--profile", "none", uri],
    ]) {
      const { code, stdout, stderr } = await command.run(args, { env });
      codes.push(code);
      said.push(stdout, stderr);
    }
    expect(codes).toEqual([0, 0, 3, 3, 5, 0, 0, 0, 2]);
    expect(said.join("\n")).not.toMatch(leaked);
    const started = await readFile(join(stage.home, "cmdlines"), "utf8");
    expect(started).toContain("main.mjs");
    expect(started).not.toMatch(leaked);
    expect(await everything(stage.home, ["answer.json"])).not.toMatch(leaked);
    expect(await everything(command.home)).not.toMatch(leaked);
  }, 60_000);
});
