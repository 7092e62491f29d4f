import { readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { type StartedProgram, startProgram } from "./start-program.ts";

const shell = async (script: string, env: Readonly<Record<string, string>> = { PATH: process.env["PATH"] ?? "" }) => {
  const program = await startProgram(["/bin/sh", "-c", script], { env, dir: "/" });
  onTestFinished(() => program.kill("SIGKILL"));
  return program;
};

async function textOf(stream: Readable): Promise<string> {
  let text = "";
  for await (const piece of stream) text += piece;
  return text;
}

async function firstLine({ stdout }: StartedProgram): Promise<string> {
  for await (const piece of stdout.iterator({ destroyOnReturn: false })) return String(piece).trim();
  throw new Error("it said nothing");
}

test("a program has its folder, its whole environment and no input, and ends with its code", async () => {
  const program = await shell("pwd; env; cat; echo e >&2; exit 3", { A: "b" });
  const [out, err] = await Promise.all([textOf(program.stdout), textOf(program.stderr)]);
  expect([out.split("\n")[0], err]).toEqual(["/", "e\n"]);
  expect(out).toContain("A=b\n");
  expect(out).not.toContain("HOME=");
  expect(await program.ended).toEqual({ exitCode: 3, signal: undefined });
});

test("a signal reaches what the program has started, and nobody else's process", async () => {
  const program = await shell("sh -c 'echo $$; while :; do sleep 300 & wait; done' & wait");
  const child = Number(await firstLine(program));
  program.kill("SIGKILL");
  expect(await program.ended).toEqual({ exitCode: undefined, signal: "SIGKILL" });
  await textOf(program.stdout);
  expect(await isAlive(child)).toBe(false);
  // nobody is left to hear it
  program.kill("SIGKILL");
  expect(await isAlive(process.pid)).toBe(true);
});

test("SIGTERM lets it end in its own way", async () => {
  const program = await shell("trap 'exit 7' TERM; echo up; while :; do sleep 300 & wait; done");
  await firstLine(program);
  program.kill("SIGTERM");
  expect(await program.ended).toEqual({ exitCode: 7, signal: undefined });
});

test.each([
  [["/nowhere/at-all"], "/", "not-found"],
  [["entrepot-no-such-program"], "/", "not-found"],
  [["/etc/passwd"], "/", "forbidden"],
  [["true", "CANARY".repeat(1_000_000)], "/", "limit-exceeded"],
] as const)("what cannot be started is said, without its arguments (%#)", async (command, dir, code) => {
  const failure = await startProgram(command, { env: { PATH: process.env["PATH"] }, dir }).catch((error) => error);
  expect(failure).toMatchObject({ code, message: expect.not.stringContaining("CANARY") });
});

/** One that nobody has buried yet still has its number. */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "0 (x) Z");
  return !/^ [ZX]/.test(stat.slice(stat.lastIndexOf(")") + 1));
}
