/** One measurement in a fresh process: node entrepot.mjs WHAT FOLDER; prints CPU milliseconds, the longest stall and the peak RSS. */
import { entrepot } from "entrepot";

const [what = "", folder = ""] = process.argv.slice(2);
const [, verb, name = ""] = what.split(" ");
const endpoint = process.env["BENCH_ENDPOINT"];
const data = entrepot({
  ...(endpoint === undefined
    ? {}
    : { endpoint, credentials: { accessKeyId: "test", secretAccessKey: "test" }, region: "us-east-1" }),
  cache: false,
  env: {},
  envFile: false,
});
await import("nodejs-polars");
const actions = {
  read: () => data.readTable(`${folder}/${name}`, name === "dates.csv" ? { format: "csv", dates: true } : {}),
  write: () => data.writeTable(`${folder}/out-${name}`, frame, name.endsWith(".parquet") ? { codec: "snappy" } : {}),
  columns: () => data.readTable(`s3://b/${name}`, { columns: ["id", "price"] }),
};
const first = () =>
  verb === "columns"
    ? data.readTable(`s3://b/${name}`, { columns: ["id"], rowGroups: [0] })
    : data.readTable(`${folder}/first.csv`);
const frame = verb === "write" ? await data.readTable(`${folder}/table.parquet`) : undefined;
// the first request opens connections and loads the data plane
if (verb === "columns") await data.exists("s3://b/none");
// the first table loads the room, as Python's import does
if (verb !== "write") await first();
let stallMs = 0;
let last = performance.now();
const timer = setInterval(() => {
  const now = performance.now();
  stallMs = Math.max(stallMs, now - last - 1);
  last = now;
}, 1);
const before = process.cpuUsage();
await actions[verb]();
const { user, system } = process.cpuUsage(before);
clearInterval(timer);
const { maxRSS } = process.resourceUsage();
const round = (/** @type {number} */ number) => Math.round(number * 10) / 10;
console.log(
  JSON.stringify({ cpuMs: round((user + system) / 1000), stallMs: round(stallMs), rssMb: Math.round(maxRSS / 1024) }),
);
await data.close();
