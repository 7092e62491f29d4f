import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { endMarked } from "./end-marked.ts";

const isLinux = existsSync("/proc/self/environ");

test.runIf(isLinux)("a process of a session of its own is ended by its environment, and no other", async () => {
  const value = `end-marked-${process.pid}`;
  const start = async (mark: string) => {
    const child = spawn("/bin/sh", ["-c", "echo up; sleep 300 & wait"], {
      detached: true,
      env: { ...process.env, END_MARKED: mark },
      stdio: ["ignore", "pipe", "ignore"],
    });
    onTestFinished(() => void endMarked(`END_MARKED=${mark}`));
    const ended = once(child, "exit");
    await once(child.stdout, "data");
    return { child, ended };
  };
  const [marked, other] = [await start(value), await start(`${value}0`)];
  expect(await endMarked(`END_MARKED=${value}`)).toBeGreaterThanOrEqual(1);
  expect(await marked.ended).toEqual([null, "SIGKILL"]);
  expect(other.child.exitCode ?? other.child.signalCode).toBe(null);
  expect(await endMarked(`END_MARKED=${value}`)).toBe(0);
});
