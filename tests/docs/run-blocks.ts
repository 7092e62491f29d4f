/**
 * Runs the `ts` blocks of a page as a reader would: one process each, in one folder, with the three variables that the
 * README gives, against our server over a socket. Plain JavaScript, although they are checked as TypeScript.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startS3Server } from "entrepot/testing";
import ts from "typescript";

const run = promisify(execFile);
const transpiling: ts.TranspileOptions = {
  compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
};
export const root: string = new URL("../../", import.meta.url).pathname;

export interface Block {
  readonly index: number;
  readonly code: string;
  /** What must be printed: the `text` block right below. */
  readonly output: string;
}

export async function blocksOf(page: string): Promise<readonly Block[]> {
  const text = await readFile(join(root, page), "utf8");
  const found = [...text.matchAll(/```ts\n([\s\S]*?)```(?:\s*```text\n([\s\S]*?)```)?/g)];
  return found.map(([, code = "", output = ""], index) => ({ index, code, output }));
}

export interface Desk extends AsyncDisposable {
  /** What a reader sets before the first block, and nothing else but PATH and HOME. */
  readonly variables: Readonly<Record<string, string>>;
  run(block: Block): Promise<{ readonly stdout: string; readonly stderr: string }>;
}

/** A folder with the built package in it, and a server with the bucket `bucket`. */
export async function openDesk(): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), "entrepot-docs-"));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  const server = await startS3Server({ buckets: ["bucket"] });
  const { accessKeyId, secretAccessKey } = server.credentials;
  const variables = {
    AWS_ENDPOINT_URL_S3: server.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  const env = { ...variables, PATH: process.env["PATH"], HOME: folder };
  return {
    variables,
    async run({ index, code }) {
      const file = join(folder, `block-${index}.mjs`);
      await writeFile(file, builtIn(code));
      return run(process.execPath, [file], { cwd: folder, env });
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The built package by its own name, as a reader would have it installed. */
function builtIn(code: string): string {
  // flows are typed by what their functions ask for: those examples are TypeScript, which not every Node takes as it is
  const script = code.includes('from "entrepot/flow"') ? ts.transpileModule(code, transpiling).outputText : code;
  return script
    .replaceAll('from "entrepot"', `from "${root}dist/index.js"`)
    .replaceAll('from "entrepot/flow"', `from "${root}dist/flow/index.js"`)
    .replaceAll('from "entrepot/runs"', `from "${root}dist/runs/index.js"`)
    .replaceAll('from "entrepot/pega"', `from "${root}dist/pega/index.js"`)
    .replaceAll('import "entrepot/table"', `import "${root}dist/table.js"`)
    .replaceAll('from "entrepot/table"', `from "${root}dist/table.js"`)
    .replaceAll('from "entrepot/store"', `from "${root}dist/store.js"`)
    .replaceAll('from "entrepot/testing"', `from "${root}dist/testing/index.js"`);
}
