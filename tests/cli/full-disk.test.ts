/** A disk that is really full: a file system of 2 MiB in a mount namespace of its own, which only root may have. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import type { Depot } from "entrepot";
import type { S3Server } from "entrepot/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openShellWorld } from "./shell-world.ts";
import type { BuiltCommand } from "./spawn-command.ts";

const files = 40;
const sizeBytes = 100_000;
const bodyOf = (index: number) => Buffer.alloc(sizeBytes, `${index} `);
const nameOf = (index: number) => `${String(index).padStart(2, "0")}.bin`;
const sums = new Map(
  Array.from({ length: files }, (_, index) => [
    `./${nameOf(index)}`,
    createHash("sha256").update(bodyOf(index)).digest("hex"),
  ]),
);

const mayMount =
  process.getuid?.() === 0 &&
  spawnSync("unshare", ["-m", "--propagation", "private", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]).status === 0;
if (!mayMount)
  console.warn("tests/cli/full-disk.test.ts is skipped: only root may mount a small disk, with unshare -m");

describe.skipIf(!mayMount)("a copy to a full disk", () => {
  let server: S3Server;
  let command: BuiltCommand;
  let data: Depot;
  beforeAll(async () => {
    ({ server, command, data } = await openShellWorld("b"));
    for (let index = 0; index < files; index += 1) await data.writeBytes(`s3://b/in/${nameOf(index)}`, bodyOf(index));
    await data.writeBytes("s3://b/one.bin", Buffer.alloc(3_000_000, 1));
  });
  afterAll(async () => {
    await data.close();
    await command.close();
    await server.close();
  });

  /** Shell lines with `small` as the full disk; what lies there is said by `look`. */
  const onSmallDisk = (...lines: readonly string[]) => {
    const look = "look() { (cd small; find . -type f -exec sha256sum {} +) }";
    const script = ["mkdir -p small", "mount -t tmpfs -o size=2m tmpfs small", look, ...lines].join("\n");
    return command.shell(`unshare -m --propagation private sh -c '${script}'`);
  };
  /** By name. */
  const looked = (stdout: string) =>
    stdout.split("\n").flatMap((line) => {
      const [, sum, name] = /^([0-9a-f]{64}) {2}(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, sum] as const];
    });

  it("ends as no-space, names what failed and what was not tried, and leaves whole files only", async () => {
    const { stdout, stderr } = await onSmallDisk("entrepot cp -r s3://b/in/ small/; echo ended $?", "look");
    expect(stdout).toMatch(/^ended [1-9]/m);
    expect(stderr).toMatch(/^error: .*no space/im);
    const there = looked(stdout);
    const named = stderr.match(/^ {2}small\/\d\d\.bin: .*\(no-space\)$/gm)?.length ?? 0;
    const untried = Number(/(\d+) objects were not tried/.exec(stderr)?.[1]);
    expect([named > 0, there.length + named + untried]).toEqual([true, files]);
    expect(there.length).toBeGreaterThan(5);
    expect(there.length).toBeLessThan(files);
    for (const [name, sum] of there) expect([name, sum]).toEqual([name, sums.get(name)]);
  });

  it("goes on when there is room", async () => {
    const { stdout } = await onSmallDisk(
      "entrepot cp -r s3://b/in/ small/; echo ended $?",
      "mount -o remount,size=20m small",
      "entrepot cp -r s3://b/in/ small/; echo then $?",
      "look",
    );
    expect(stdout).toMatch(/^ended [1-9]/m);
    expect(stdout).toMatch(/^then 0$/m);
    expect(new Map(looked(stdout))).toEqual(sums);
  });

  it("of one file leaves nothing, and the file that was there before", async () => {
    const { stdout, stderr } = await onSmallDisk(
      "echo old > small/one.bin",
      "entrepot cp s3://b/one.bin small/one.bin; echo ended $?",
      "cat small/one.bin",
      "look",
    );
    expect(stderr).toMatch(/no space/i);
    expect(stdout).toMatch(/^ended [1-9]\d*\nold$/m);
    expect(looked(stdout).map(([name]) => name)).toEqual(["./one.bin"]);
  });
});
