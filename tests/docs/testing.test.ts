/** The page on testing is run: each `ts` block as it stands, outputs compared, and the line for the shell as a process. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { entrepot } from "entrepot";
import { startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blocksOf, type Desk, openDesk, root } from "./run-blocks.ts";

const page = "docs/testing.md";
const blocks = await blocksOf(page);

describe("the page on testing", () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk[Symbol.asyncDispose]());

  test("has an example for each task", () => expect(blocks.length).toBeGreaterThan(8));

  test.each(blocks)("example $index prints what it says", async (block) => {
    const { stdout, stderr } = await desk.run(block);
    // The AWS SDK warns of old Nodes.
    expect({ stdout, stderr: stderr.includes("NodeVersionSupportWarning") ? "" : stderr }).toEqual({
      stdout: block.output,
      stderr: "",
    });
  });
});

test("the line for the shell serves what it says", async () => {
  const folder = await mkdtemp(join(tmpdir(), "entrepot-docs-serve-"));
  await mkdir(join(folder, "fixtures/shop/2026"), { recursive: true });
  await writeFile(join(folder, "fixtures/shop/2026/a"), "laid in");
  const text = await readFile(join(root, page), "utf8");
  const rule = /\(`(GET 2026\/[^`]*)`\)/.exec(text)?.[1] ?? expect.fail();
  await writeFile(join(folder, "rules.txt"), `${rule}\n`);
  const line = /```sh\nnpx entrepot (serve .*)\n```/.exec(text)?.[1] ?? expect.fail();
  const args = [join(root, "dist/cli/main.js"), ...line.split(" "), "--port", "0"];
  const child = spawn(process.execPath, args, { cwd: folder, env: { PATH: process.env["PATH"], HOME: folder } });
  try {
    const [first] = await once(child.stdout, "data");
    const started = JSON.parse(String(first));
    expect(started.buckets).toEqual(["shop"]);
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    await using data = entrepot({ endpoint: started.endpoint, credentials, cache: false, env: {}, envFile: false });
    const tries: unknown[] = [];
    const watched = data.with({ onEvent: (event) => void (event.type === "retry" && tries.push(event)) });
    expect(await watched.readText("s3://shop/2026/a")).toBe("laid in");
    expect(tries).toHaveLength(3);
  } finally {
    child.kill("SIGINT");
    await once(child, "close");
    await rm(folder, { recursive: true });
  }
});

test("the script for CI starts a server, uses it and ends it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "entrepot-docs-ci-"));
  const bin = join(folder, "node_modules/.bin");
  await mkdir(bin, { recursive: true });
  await symlink(join(root, "dist/cli/main.js"), join(bin, "entrepot"));
  const text = await readFile(join(root, page), "utf8");
  const script = /```sh\n(node_modules\/\.bin\/entrepot serve [\s\S]*?)```/.exec(text)?.[1] ?? expect.fail();
  const env = { PATH: [bin, dirname(process.execPath), process.env["PATH"]].join(delimiter), HOME: folder };
  const typed = `${script.replaceAll("npx ", "")}wait $server; echo "ended: $?"\n`;
  const { stdout } = await promisify(execFile)("sh", ["-c", typed], { cwd: folder, env });
  await rm(folder, { recursive: true });
  expect(stdout).toMatch(/hello\nended: (?:0|130|143)\n$/);
});

test("what it says is missing is unknown, and answered with 501", async () => {
  const text = await readFile(join(root, page), "utf8");
  const section = text.split("## What it does not offer\n")[1] ?? expect.fail();
  const names = [...section.matchAll(/`([A-Z]\w+)`/g)].map(([, name = ""]) => name);
  expect(names.length).toBeGreaterThan(5);
  await using s3 = await startS3Server({ fixtures: { "shop/a": "" }, anonymous: true });
  for (const name of names) expect(() => s3.count(name)).toThrow("neither a method nor an operation");
  const requests = ["cors", "lifecycle", "encryption", "notification", "replication", "website", "object-lock"]
    .map((what) => ["PUT", `shop?${what}`])
    .concat([
      ["PUT", "shop/a?retention"],
      ["POST", "shop/a?select&select-type=2"],
      ["POST", "shop/a?restore"],
    ]);
  for (const [method = "", path = ""] of requests) {
    const { status } = await fetch(`${s3.endpoint}/${path}`, { method, body: "<x/>" });
    expect([path, status]).toEqual([path, 501]);
  }
});
