/** One sample of small-get, in its own process: warm up, then so many GETs at concurrency 32; prints one line of JSON. */
const [, , name, requests] = process.argv;
const concurrency = 32;
const keys = Array.from({ length: 64 }, (_, n) => `4KiB-${n}`);
const { open, version } = await import(`./${name}.mjs`);
const subject = await open({ endpoint: process.env.BENCH_ENDPOINT, bucket: "bucket" });

/** @param {number} total */
async function read(total) {
  let next = 0;
  let bytes = 0;
  const loop = async () => {
    while (next < total) {
      const body = await subject.get(keys[next++ % keys.length]);
      bytes += body.byteLength;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  if (bytes !== total * 4096) throw new Error(`${bytes} bytes came for ${total} objects of 4096`);
}

await read(Math.min(5_000, Number(requests) / 2));
const cpu = process.cpuUsage();
const begun = process.hrtime.bigint();
await read(Number(requests));
const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
const { user, system } = process.cpuUsage(cpu);
await subject.close();
console.log(
  JSON.stringify({ cpuMicros: (user + system) / Number(requests), opsPerSecond: Number(requests) / seconds, version }),
);
