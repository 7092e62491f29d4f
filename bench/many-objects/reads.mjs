/** Reads through the library with default settings: `reads.mjs one-by-one|readMany OBJECTS`; prints milliseconds for each object. */
import { entrepot } from "entrepot";

const [, , way, wanted] = process.argv;
const objects = Number(wanted);
const data = entrepot({
  endpoint: process.env.BENCH_ENDPOINT,
  region: "us-east-1",
  addressing: "path",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  cache: false,
});
const uris = [];
for await (const { uri } of data.list("s3://b/")) if (uris.push(uri) === objects) break;
await data.readBytes(String(uris[0]));
const begun = performance.now();
let done = 0;
if (way === "one-by-one") for (const uri of uris) done += (await data.readBytes(uri)).byteLength > 0 ? 1 : 0;
else for await (const _ of data.readMany("s3://b/")) done++;
const ms = performance.now() - begun;
if (done !== objects) throw new Error(`${done} objects came and not ${objects}`);
await data.close();
console.log(ms / objects);
