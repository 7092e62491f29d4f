/** One sample of listing, in its own process: warm up with the first keys, then the whole of it; prints one line of JSON. */
import { Tally } from "./pages.mjs";

const [, , name, wanted] = process.argv;
const keys = Number(wanted);
const { open, version } = await import(`./${name}.mjs`);
const subject = open(process.env["BENCH_ENDPOINT"]);

/** @param {number} most */
async function list(most) {
  const tally = new Tally();
  await subject.list(most, tally.add.bind(tally));
  return tally;
}

const warm = Math.min(20_000, keys);
(await list(warm)).assert(warm);
const cpu = process.cpuUsage();
const begun = process.hrtime.bigint();
const tally = await list(Number.POSITIVE_INFINITY);
const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
const { user, system } = process.cpuUsage(cpu);
tally.assert(keys);
await subject.close();
console.log(JSON.stringify({ cpuMicros: (user + system) / keys, keysPerSecond: keys / seconds, version }));
