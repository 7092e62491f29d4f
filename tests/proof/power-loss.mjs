/**
 * Run by `unshare -m`: a file system in a file, which loses its power while workers use it. What is mounted here goes with this
 * process, and the loop device with the mount, even when it is killed. Prints what was found as its last line.
 */
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, ftruncateSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { localText } from "./content.mjs";
import { put, Stage } from "./stage.mjs";

const { kind, rounds, ...options } = JSON.parse(process.argv[2] ?? "{}");
const stage = new Stage(options);
const keys = Array.from({ length: 40 }, (_, index) => `object-${index}.bin`);
const mostBytes = 600_000;
let acknowledged = 0;

// Whoever started this is gone, and with this process goes the mount.
process.stdin.on("end", () => process.exit(1)).resume();

/** @param {string} program @param {string[]} args */
const run = (program, ...args) => execFileSync(program, args, { stdio: ["ignore", "ignore", "pipe"] });

/** A file system that can be switched on and off. */
async function makeDisk() {
  const image = join(stage.workdir, "image");
  const mount = await stage.folder("mount");
  const bootId = join(stage.workdir, "boot-id");
  const file = openSync(image, "w");
  ftruncateSync(file, 400 * 2 ** 20);
  closeSync(file);
  run(`mkfs.${kind}`, "-q", image);
  writeFileSync(bootId, randomUUID());
  // After a loss of power the machine has started anew.
  run("mount", "--bind", bootId, "/proc/sys/kernel/random/boot_id");
  let isOn = false;
  const off = () => {
    if (isOn) run("umount", mount);
    isOn = false;
  };
  stage.later(off);
  const on = () => {
    writeFileSync(bootId, randomUUID());
    run("mount", "-o", "loop", image, mount);
    isOn = true;
  };
  /** With the journal flushed, data is lost that names were already given; without, all that was not flushed. @param {boolean} isJournalFlushed */
  const lose = (isJournalFlushed) =>
    run(
      "xfs_io",
      ...(kind === "xfs" ? ["-x"] : ["-F", "-x"]),
      "-c",
      isJournalFlushed ? "shutdown -f" : "shutdown",
      mount,
    );
  return { mount, on, off, lose };
}

/** What the next start of the machine finds. @param {import("entrepot/testing").S3Server} server @param {string} dir @param {string} when */
async function look(server, dir, when) {
  const next = await stage.worker(server, dir);
  const first = stage.random.of(["offlineReads", "offlineCopies"]);
  for (const job of [first, "reads", "copies", "offlineReads"]) {
    const { wrong } = await next.ask(job, { keys });
    for (const note of wrong) stage.wrong(`${when}: ${job}: ${note}`);
  }
  await next.kill();
}

async function play() {
  const { mount, on, off, lose } = await makeDisk();
  const server = await stage.server();
  const dir = join(mount, "cache");
  on();
  await mkdir(dir, { mode: 0o700 });
  for (let round = 0; round < rounds && !stage.isOver; round += 1) {
    const isJournalFlushed = round % 3 !== 2;
    const when = `${kind}, ${isJournalFlushed ? "journal" : "nothing"} flushed`;
    for (const key of keys) {
      if (round === 0 || stage.random.below(3) === 0) await put(server, key, round, stage.random.size(32, mostBytes));
    }
    /** @type {string[]} */
    const written = [];
    const roaming = { keys, rounds: 1_000_000, mostBytes, maxBytes: 10_000_000 };
    const roamers = await Promise.all([1, 2].map(() => stage.worker(server, dir)));
    const writer = await stage.worker(server, dir, { onNote: (path) => written.push(path) });
    const working = Promise.allSettled([
      ...roamers.map((worker) => worker.ask("roam", { ...roaming, seed: stage.random.below(2 ** 31) })),
      writer.ask("writeMany", { folder: join(mount, `files ${round}`) }),
    ]);
    await sleep(150 + stage.random.below(400));
    lose(isJournalFlushed);
    await Promise.all([...roamers, writer].map((worker) => worker.kill()));
    await working;
    off();
    on();
    stage.count();
    await look(server, dir, when);
    for (const path of written) {
      acknowledged += 1;
      const found = textOf(path);
      if (found !== localText(path)) stage.wrong(`${when}: an acknowledged file holds "${found.slice(0, 60)}"`);
    }
  }
}

/** @param {string} path */
function textOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    return String(error);
  }
}

try {
  await stage.folder(".");
  await play();
} catch (error) {
  stage.fail(error);
}
await stage.close();
stage.tell(`${kind}: ${stage.tried} losses, ${acknowledged} acknowledged files`);
const { tried, wrongs, notes, broken, figures } = stage;
console.log(JSON.stringify({ tried, wrongs, notes, broken, figures }));
process.exit();
