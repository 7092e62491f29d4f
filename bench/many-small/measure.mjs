/**
 * One piece of work in a process of its own, against a server that is there: prints wall, CPU, peak memory and the most files that were
 * open. usage: measure.mjs sequential|read|down|up COUNT FOLDER; the server's options come as JSON on standard input.
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { entrepot } from "entrepot";

const [work = "", objects = "", folder = ""] = process.argv.slice(2);
const options = JSON.parse(await text(process.stdin));
const data = entrepot({ ...options, cache: { dir: join(folder, "cache") }, env: {}, envFile: false });

/** Regular files of the folder that this process has open. */
const openFiles = () =>
  readdirSync("/proc/self/fd", { withFileTypes: true }).filter((entry) => {
    try {
      return readlink(entry.name).startsWith(folder);
    } catch {
      return false;
    }
  }).length;
const readlink = (/** @type {string} */ fd) => readlinkSync(`/proc/self/fd/${fd}`);

let mostOpen = 0;
const sampler = setInterval(() => {
  mostOpen = Math.max(mostOpen, openFiles());
}, 20);
const cpu = process.cpuUsage();
const begun = performance.now();
let done = 0;
let sizeBytes = 0;
if (work === "sequential") {
  for await (const { uri } of data.list("s3://bucket/in/")) {
    sizeBytes += (await data.readBytes(uri, { cache: "bypass" })).byteLength;
    done += 1;
    if (done === Number(objects)) break;
  }
} else if (work === "read") {
  for await (const { bytes } of data.readMany("s3://bucket/in/", { cache: "bypass" })) {
    sizeBytes += bytes.byteLength;
    done += 1;
  }
} else {
  const [from, to] =
    work === "down" ? ["s3://bucket/in/", `${folder}/files/`] : [`${folder}/files/`, "s3://bucket/up/"];
  const { copied } = await data.copy(from, to);
  done = copied.objects;
  sizeBytes = copied.sizeBytes;
}
const wallMs = performance.now() - begun;
const { user, system } = process.cpuUsage(cpu);
clearInterval(sampler);
await data.close();
if (done !== Number(objects)) throw new Error(`${done} of ${objects} objects`);
// not resourceUsage(), whose maximum outlives exec: it would be that of whoever started this process
const rssMB = (Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) * 1024) / 1e6;
console.log(JSON.stringify({ wallMs, cpuMicros: (user + system) / done, rssMB, mostOpen, sizeBytes }));
