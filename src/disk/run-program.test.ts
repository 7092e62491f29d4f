import { expect, test } from "vitest";
import { runProgram } from "./run-program.ts";

const node = process.execPath;
const run = (script: string, timeoutMs = 20_000) => runProgram([node, "-e", script], { env: { A: "b" }, timeoutMs });

test("a program ends with its code, what it said, and the environment that it was given", async () => {
  const script =
    "process.stdout.write(process.env.A + Object.keys(process.env).includes('HOME')); console.error('e'); process.exitCode = 3";
  expect(await run(script)).toEqual({ exitCode: 3, stdout: "bfalse", stderr: "e\n" });
});

test("it gets no input", async () => {
  expect(await run("process.stdin.on('data', () => {}).on('end', () => console.log('end'))")).toMatchObject({
    stdout: "end\n",
  });
});

test("one that a signal ended has no exit code", async () => {
  expect(await run("process.kill(process.pid, 'SIGKILL')")).toMatchObject({ exitCode: undefined });
});

test("one that does not end in time is killed, also when its own child holds on", async () => {
  const holding = `require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 3000)'], { stdio: 'inherit' }); setInterval(() => {}, 1000)`;
  await expect(run(holding, 500)).rejects.toMatchObject({ code: "timeout", retryable: false });
});

test("an argument that no program can be given is named in no error", async () => {
  const failure = await runProgram([node, "-e", "CANARY\0"], { env: {}, timeoutMs: 1_000 }).catch((error) => error);
  expect(failure).toMatchObject({ code: "io", message: expect.not.stringContaining("CANARY") });
});

test("one that says too much is ended", async () => {
  await expect(run("process.stdout.write('x'.repeat(2_000_000)); setInterval(() => {}, 1000)")).rejects.toMatchObject({
    code: "limit-exceeded",
  });
});

test.each([
  [["/nowhere/at-all"], "not-found"],
  [["no-such-program-anywhere"], "not-found"],
  [["/"], "forbidden"],
])("%j is %s", async (command, code) => {
  await expect(runProgram([...command, "secret"], { env: {}, timeoutMs: 1_000 })).rejects.toMatchObject({
    code,
    message: expect.not.stringContaining("secret"),
  });
});
