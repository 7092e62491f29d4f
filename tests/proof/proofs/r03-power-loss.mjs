/** A file system loses its power while it is worked on, with and without its journal flushed. */
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../power-loss.mjs", import.meta.url));
const kinds = ["ext4", "xfs"];

/** @type {import("../proof.ts").Proof} */
export const proof = {
  id: "R03",
  title: "After a loss of power no read is wrong, and no file of the user's own that was acknowledged is lost",
  target: "200 losses on each of ext4 and XFS",
  bad: { "no-checks": /bytes|version|no object|acknowledged/ },
  needs() {
    if (process.getuid?.() !== 0) return "it mounts file systems, which only root may";
    if (spawnSync("unshare", ["-m", "--propagation", "private", "true"]).status !== 0)
      return "unshare -m does not work here";
    for (const [tool, ...args] of [
      ["mkfs.ext4", "-V"],
      ["mkfs.xfs", "-V"],
      ["xfs_io", "-V"],
      ["losetup", "--find"],
    ]) {
      if (spawnSync(tool ?? "", args).status !== 0) return `${tool} is not there or does not work`;
    }
    const known = readFileSync("/proc/filesystems", "utf8");
    const missing = kinds.filter((kind) => !new RegExp(`\\t${kind}$`, "m").test(known));
    return missing.length === 0 || spawnSync("modprobe", missing).status === 0
      ? undefined
      : `the kernel has no ${missing.join(" and no ")}`;
  },
  async run(stage) {
    const rounds = stage.size(3, 200);
    for (const kind of kinds) {
      if (stage.isOver) return;
      const { cache, scale, seed, untilWrong } = stage;
      const workdir = join(stage.workdir, `${kind} ${randomBytes(4).toString("hex")}`);
      const found = await unshared(stage, { kind, rounds, cache, scale, seed, untilWrong, workdir });
      if (found.broken !== undefined) throw new Error(found.broken);
      stage.count(found.tried);
      for (const note of found.notes) stage.wrong(note);
      stage.wrongs += found.wrongs - found.notes.length;
      for (const figure of found.figures) stage.tell(figure);
    }
  },
};

/** @param {import("../stage.mjs").Stage} stage @param {object} given @returns {Promise<{ tried: number, wrongs: number, notes: string[], broken?: string, figures: string[] }>} */
async function unshared(stage, given) {
  const command = ["-m", "--propagation", "private", process.execPath, program, JSON.stringify(given)];
  const child = spawn("unshare", command, { stdio: ["pipe", "pipe", "inherit"] });
  stage.later(() => child.kill("SIGKILL"));
  let said = "";
  for await (const chunk of child.stdout) said += chunk;
  const last = said.trim().split("\n").at(-1) ?? "";
  if (!last.startsWith("{")) throw new Error(`the program of the losses ended with ${JSON.stringify(last)}`);
  return JSON.parse(last);
}
