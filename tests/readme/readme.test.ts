/** The README is run: each `ts` block as it stands, in order, against our server over a socket; outputs are compared. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = new URL("../../", import.meta.url).pathname;
const run = promisify(execFile);
const text = await readFile(join(root, "README.md"), "utf8");
const blocks = [...text.matchAll(/```ts\n([\s\S]*?)```(?:\s*```text\n([\s\S]*?)```)?/g)].map(
  ([, code = "", output = ""]) => ({ code, output }),
);

describe("the README", () => {
  let folder = "";
  let server: Awaited<ReturnType<typeof startS3Server>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "readme-"));
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    server = await startS3Server();
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  test("has examples", () => expect(blocks.length).toBeGreaterThan(4));

  test.each(blocks.map(({ code, output }, index) => ({ code, output, index })))(
    "example $index prints what it says",
    async ({ code, output, index }) => {
      const file = join(folder, `example-${index}.mjs`);
      // the built package by its own name, as a reader would have it installed
      const source = code
        .replaceAll('from "entrepot"', `from "${root}dist/index.js"`)
        .replaceAll('from "entrepot/testing"', `from "${root}dist/testing/index.js"`);
      await writeFile(file, source);
      const { accessKeyId, secretAccessKey } = server.credentials;
      const env = {
        PATH: process.env["PATH"],
        HOME: folder,
        AWS_ENDPOINT_URL_S3: server.endpoint,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      };
      const { stdout, stderr } = await run(process.execPath, [file], { cwd: folder, env });
      expect(stderr).toBe("");
      expect(stdout).toBe(output);
    },
  );
});
