/** One sample of a long listing, in its own process: prints one line of JSON. usage: shards.mjs KEYS auto|N */
import { entrepot } from "entrepot";
import { Tally } from "./pages.mjs";

const [, , keys = "0", shards = "auto"] = process.argv;
const data = entrepot({
  endpoint: process.env["BENCH_ENDPOINT"],
  region: "us-east-1",
  addressing: "path",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});
const tally = new Tally();
const begun = process.hrtime.bigint();
for await (const { path, sizeBytes } of data.list("s3://listing/", {
  shards: shards === "auto" ? "auto" : Number(shards),
}))
  tally.add(path, sizeBytes);
const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
tally.assert(Number(keys));
await data.close();
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const rssBytes = maxRSS * 1024;
console.log(JSON.stringify({ seconds, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, rssBytes }));
