/** A cache folder that is read-only, full, not ours to write, or a process that may open or write little: reads go on, with one warning. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { put } from "../stage.mjs";

const program = fileURLToPath(new URL("../unwritable.mjs", import.meta.url));
const keys = ["small.bin", "middle.bin", "large.bin", "larger.bin"];
const sizes = [100, 200_000, 300_000, 3_000_000];

/** Each with what is said to the shell before. @type {Record<string, string>} */
const scenes = {
  "read-only": "",
  "read-only and empty": "",
  "full of bytes": "",
  "full of names": "",
  "not writable": "",
  "not writable and empty": "",
  "not reachable": "",
  // Node itself opens the modules of the main door at once, more than fifty.
  "few open files": "ulimit -n 64;",
  "small files only": "ulimit -f 100;",
};

/** @type {import("../proof.ts").Proof} */
export const proof = {
  id: "R22",
  title:
    "Where the cache folder is read-only, full or not ours to write, and where files may be few or small, every read gives the right bytes, nothing unfinished is left, and there is at most one warning",
  target: `${Object.keys(scenes).length} scenes`,
  bad: { "in-place": /: a (?:read|range|local copy) of/, "warns-always": /\d+ warnings/ },
  needs() {
    if (process.getuid?.() !== 0) return "it mounts file systems and becomes another user, which only root may";
    if (spawnSync("unshare", ["-m", "--propagation", "private", "true"]).status !== 0)
      return "unshare -m does not work here";
    return undefined;
  },
  async run(stage) {
    const server = await stage.server();
    for (const [index, key] of keys.entries()) await put(server, key, index, sizes[index] ?? 0);
    for (const [scene, limits] of Object.entries(scenes)) {
      if (stage.isOver) return;
      const dir = await stage.folder(scene.replaceAll(" ", "-"));
      // Where another user may go.
      const openDir = await mkdtemp(join(tmpdir(), "entrepot-proof-open-"));
      stage.later(() => rm(openDir, { recursive: true, force: true }));
      const given = JSON.stringify({ cache: stage.cache, endpoint: server.endpoint, dir, openDir, scene, keys });
      const shell = `${limits} exec "$0" "$@"`;
      const child = spawn(
        "unshare",
        ["-m", "--propagation", "private", "sh", "-c", shell, process.execPath, program, given],
        {
          stdio: ["ignore", "pipe", "pipe"],
          env: { PATH: process.env.PATH, TMPDIR: "/tmp" },
        },
      );
      stage.later(() => child.kill("SIGKILL"));
      let [said, complaint] = ["", ""];
      child.stderr.on("data", (chunk) => (complaint += chunk));
      for await (const chunk of child.stdout) said += chunk;
      const last = said.trim().split("\n").at(-1) ?? "";
      if (last.startsWith("{")) stage.add(JSON.parse(last));
      else {
        stage.count();
        stage.wrong(`${scene}: ended with ${JSON.stringify(complaint.slice(-300))}`);
      }
    }
  },
};
