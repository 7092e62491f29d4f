import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { entrepot } from "entrepot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BuiltCommand, ended, parseLines } from "./spawn-command.ts";

let command: BuiltCommand;
beforeAll(async () => {
  command = await BuiltCommand.build();
});
afterAll(() => command.close());

it("serve answers until it is stopped, and logs in JSON", async () => {
  const child = command.start([
    "serve",
    "--port",
    "0",
    "--access-key",
    "k",
    "--secret-key",
    "s",
    "--bucket",
    "demo",
    "--json",
  ]);
  const end = ended(child);
  const [first] = await once(child.stdout, "data");
  const { endpoint } = JSON.parse(String(first));
  const client = entrepot({
    endpoint,
    credentials: { accessKeyId: "k", secretAccessKey: "s" },
    cache: false,
    env: {},
    envFile: false,
  });
  await client.writeText("s3://demo/a", "x");
  await client.close();
  child.kill("SIGINT");
  const { code, stdout } = await end;
  expect(code).toBe(0);
  expect(parseLines(stdout)).toMatchObject([
    {
      type: "listening",
      endpoint,
      dir: null,
      buckets: ["demo"],
      env: {
        AWS_ENDPOINT_URL_S3: endpoint,
        AWS_ACCESS_KEY_ID: "k",
        AWS_SECRET_ACCESS_KEY: "s",
        AWS_REGION: "us-east-1",
      },
    },
    { type: "request", method: "PUT", bucket: "demo", key: "a", status: 200 },
  ]);
});

it("serve says when the port is taken", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const { code, stderr } = await command.run(["serve", "--port", String(portOf(holder.address()))]);
  holder.close();
  expect(code).toBe(2);
  expect(stderr).toContain("is taken");
});

it("serve goes on when whoever read its first line has left", async () => {
  const child = command.start(["serve", "--port", "0", "--bucket", "demo", "--json"]);
  const end = once(child, "close");
  const [first] = await once(child.stdout, "data");
  child.stdout.destroy();
  const { endpoint } = JSON.parse(String(first));
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = entrepot({ endpoint, credentials, cache: false, env: {}, envFile: false, retries: { attempts: 1 } });
  for (const text of ["one", "two", "three"]) {
    await client.writeText("s3://demo/a", text);
    expect(await client.readText("s3://demo/a")).toBe(text);
  }
  await client.close();
  child.kill("SIGINT");
  expect((await end)[0]).toBe(0);
});

describe("what serve says at its start", () => {
  it("can be typed as it stands, secrets with quotes in them included", async () => {
    const args = ["serve", "--port", "0", "--bucket", "demo,other", "--access-key", "me", "--secret-key", "it's $x"];
    const server = await started(args);
    expect(server.text).toContain("buckets: demo, other; ");
    const lines = server.text.split("\n").filter((line) => line.startsWith("  "));
    expect(lines).toHaveLength(5);
    const { code, stdout, stderr } = await command.shell(
      `echo x | { ${lines.slice(0, 4).join("; ")}; entrepot cp - s3://demo/a; }; ${lines.join("; ")}`,
    );
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: expect.stringContaining("a"), stderr: "" });
    await server.stop();
  });

  it("is how to make a bucket when there is none", async () => {
    const server = await started(["serve", "--port", "0"]);
    expect(server.text).toContain("export AWS_SECRET_ACCESS_KEY=test\n");
    const exports = server.text.split("\n").filter((line) => line.startsWith("  export"));
    const { code } = await command.shell([...exports, "entrepot mb s3://fresh", "entrepot ls s3://fresh/"].join("\n"));
    expect(code).toBe(0);
    expect(server.text).toContain("buckets: none yet; to make one: entrepot mb s3://NAME, or start with --bucket NAME");
    await server.stop();
  });
});

it.each([
  [["--port", "99999"], "--port 99999: expected a port from 1 to 65535, or 0 for any free one"],
  [["--port", "-1"], "--port"],
  [["--bucket", "A_b"], '--bucket: "A_b" cannot be the name of a bucket: lower-case letters'],
  [["--bucket", "ok,.."], '--bucket: ".." cannot be'],
  [["--access-key", "a b"], "--access-key is empty, or has a space"],
  [["--secret-key", ""], "--secret-key is empty"],
])("serve %j is refused in plain words, and nothing is started", async (args, message) => {
  const { code, stdout, stderr } = await command.run(["serve", ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr).not.toContain("    at ");
});

describe("the examples work one after the other as they stand", () => {
  const readme = readFile(new URL("../../README.md", import.meta.url), "utf8");
  it.each([
    ["at the top of the README", async () => fromReadme(await readme, 0)],
    ["further down in the README", async () => fromReadme(await readme, 1)],
    ["in the help", async () => fromHelp((await command.run(["serve", "--help"])).stdout)],
  ])("%s", async (_where, find) => {
    const free = await freePort();
    const { serve, type } = await find();
    const [first = "", ...more] = serve.map((line) => line.replaceAll("9000", free));
    expect(type).toHaveLength(3);
    const args = first.split(" ").slice(1);
    // where the line relies on the usual port, which may be taken on this machine
    const server = await started(args.includes("--port") ? args : [...args, "--port", free]);
    // the README goes on with programs, which its own test runs; here the shell tries what it was told
    const tried = type.some((line) => line.includes("cat "))
      ? type
      : [...type, "echo hello | entrepot cp --quiet - s3://bucket/hello.txt", "entrepot cat s3://bucket/hello.txt"];
    const { code, stdout, stderr } = await command.shell(tried.join("\n").replaceAll("9000", free));
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: expect.stringMatching(/^hello$/m), stderr: "" });
    await server.stop();
    for (const line of more) {
      const next = await started([...line.split(" ").slice(1), "--port", free]);
      expect(JSON.parse(next.text)).toMatchObject({ type: "listening", buckets: ["demo"] });
      await next.stop();
    }
  });
});

/** A server that has said where it listens. */
async function started(args: readonly string[]) {
  const child = command.start(args);
  const end = ended(child);
  const [text] = await Promise.race([
    once(child.stdout, "data"),
    end.then(({ stderr }) => Promise.reject(new Error(stderr))),
  ]);
  const stop = async () => {
    child.kill("SIGINT");
    expect((await end).code).toBe(0);
  };
  return { text: String(text), stop };
}

interface Lines {
  readonly serve: readonly string[];
  readonly type: readonly string[];
}

/** The line with the server in the `nth` block that has one, and the lines of the block after it. */
function fromReadme(markdown: string, nth: number): Lines {
  const blocks = [...markdown.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, code = ""]) => code.trim().split("\n"));
  const serving = [...blocks.keys()].filter((at) => blocks[at]?.some((line) => line.includes("entrepot serve")));
  const at = serving[nth] ?? -1;
  const plain = (lines: readonly string[] = []) =>
    lines.map((line) => line.replace(/ +#.*/, "").replaceAll("npx ", ""));
  return { serve: plain(blocks[at]).filter((line) => line.startsWith("entrepot serve")), type: plain(blocks[at + 1]) };
}

function fromHelp(help: string): Lines {
  const lines = help.split("\n");
  return {
    serve: lines.map((line) => line.trim()).filter((line) => line.startsWith("entrepot serve ")),
    type: lines.filter((line) => /^(?:export|echo) /.test(line)),
  };
}

async function freePort(): Promise<string> {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const port = portOf(holder.address());
  await new Promise((resolve) => holder.close(resolve));
  return String(port);
}

function portOf(address: ReturnType<ReturnType<typeof createServer>["address"]>): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}
