import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { openProgramGuard } from "./program-guard.ts";
import { startProgram } from "./start-program.ts";

const waiting = async () => {
  const program = await startProgram(["/bin/sh", "-c", "while :; do sleep 300 & wait; done"], {
    ...{ env: { PATH: process.env["PATH"] }, dir: "/" },
  });
  onTestFinished(() => program.kill("SIGKILL"));
  return program;
};

test("what is watched ends with the guard, what is forgotten goes on", async () => {
  const guard = await openProgramGuard();
  const programs = [await waiting(), await waiting(), await waiting()] as const;
  for (const { pid } of programs) guard.watch(pid);
  guard.forget(programs[1].pid);
  await guard.close();
  expect(await programs[0].ended).toEqual({ exitCode: undefined, signal: "SIGKILL" });
  expect(await programs[2].ended).toEqual({ exitCode: undefined, signal: "SIGKILL" });
  expect(await isAlive(programs[1].pid)).toBe(true);
});

test("a starter that is killed takes its programs with it, and all that they started", {
  timeout: 30_000,
}, async () => {
  const starter = `
    const { openProgramGuard } = await import(${JSON.stringify(fileURLToPath(new URL("program-guard.ts", import.meta.url)))});
    const { startProgram } = await import(${JSON.stringify(fileURLToPath(new URL("start-program.ts", import.meta.url)))});
    const guard = await openProgramGuard();
    const script = "trap '' TERM; sh -c 'echo $$; trap \\"\\" TERM; while :; do sleep 300 & wait; done' & wait";
    const program = await startProgram(["/bin/sh", "-c", script], { env: process.env, dir: "/" });
    guard.watch(program.pid);
    program.stdout.on("data", (line) => console.log(program.pid + " " + line));`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", starter], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const pids = line.trim().split(" ").map(Number);
  expect(await Promise.all(pids.map(isAlive))).toEqual([true, true]);
  child.kill("SIGKILL");
  for (const pid of pids) while (await isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
});

/** One that nobody has buried yet still has its number. */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "0 (x) Z");
  return !/^ [ZX]/.test(stat.slice(stat.lastIndexOf(")") + 1));
}
