/**
 * One piece of work in a process of its own, against a server that is there: prints wall, CPU and peak memory.
 * usage: measure.mjs sequential|fetch|again|table COUNT FOLDER; the server's options come as JSON on standard input.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { entrepot } from "entrepot";
import { pegaRepository } from "entrepot/pega";

const [work = "", files = "", folder = ""] = process.argv.slice(2);
const options = JSON.parse(await text(process.stdin));
const data = entrepot({ ...options, cache: { dir: join(folder, "cache") }, env: {}, envFile: false });
const pega = pegaRepository(data, "s3://bucket/", { downloadDir: join(folder, "s3_download") });
const prefix = "datamart/Data-Decision-ADM-ModelSnapshot_pzModelSnapshots";
const cpu = process.cpuUsage();
const begun = performance.now();
let done = 0;
if (work === "sequential") {
  const to = join(folder, "one-by-one");
  mkdirSync(to);
  for await (const { uri, name } of data.list("s3://bucket/datamart/")) {
    writeFileSync(join(to, name), await data.readBytes(uri, { cache: "bypass" }));
    done += 1;
    if (done === Number(files)) break;
  }
} else if (work === "table") {
  done = (await pega.readTable("modelSnapshot")).height > 0 ? Number(files) : 0;
} else {
  const { fetched, skipped } = await pega.fetchFiles(prefix);
  done = work === "fetch" ? fetched : skipped;
}
const wallMs = performance.now() - begun;
const { user, system } = process.cpuUsage(cpu);
await data.close();
if (done !== Number(files)) throw new Error(`${done} of ${files} files`);
// not resourceUsage(), whose maximum outlives exec: it would be that of whoever started this process
const rssMB = (Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) * 1024) / 1e6;
console.log(JSON.stringify({ wallMs, cpuMicros: (user + system) / done, rssMB }));
