/** Which processes live, as far as the machine says. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { openNodeDisk } from "./open-node-disk.ts";
import { processLife, processStart } from "./process-owner.ts";

const disk = openNodeDisk();
const onLinux = test.skipIf(process.platform !== "linux");

test("this process lives, one whose number nobody has does not", async () => {
  const start = (await processStart(disk, process.pid)) ?? "";
  expect(await processLife(disk, { pid: process.pid, start })).toBe("alive");
  expect(await processLife(disk, { pid: 999_999_998, start })).toBe("dead");
});

onLinux("a number that another process bears by now is no life", async () => {
  expect(await processLife(disk, { pid: process.pid, start: "1" })).toBe("dead");
  expect(await processLife(disk, { pid: process.pid, start: "0" })).toBe("alive");
});

onLinux("a process that has ended is dead, although nobody has asked for its end yet", async () => {
  // The shell becomes another program, which knows nothing of its child, before that one ends.
  const parent = spawn("sh", ["-c", "sleep 0.1 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => void parent.kill("SIGKILL"));
  const [line] = await once(parent.stdout, "data");
  const pid = Number(String(line));
  const stateOf = () => readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "")[0];
  while (stateOf() !== "Z") await new Promise(setImmediate);
  expect(process.kill(pid, 0)).toBe(true);
  expect(await processLife(disk, { pid, start: (await processStart(disk, pid)) ?? "" })).toBe("dead");
});

test("where a process cannot be looked at, its number must do", async () => {
  const blind = { ...disk, readFile: () => Promise.reject(new Error("hidden")) } as unknown as typeof disk;
  expect(await processLife(blind, { pid: process.pid, start: "1" })).toBe("alive");
});
