// Lines of compressed logs, native tools on local copies, pulls with progress.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { entrepot, isEntrepotError } from "entrepot";

const data = entrepot();
const exec = promisify(execFile);
await using file = await data.open("s3://b/log.txt.gz");
let errors = 0;
for await (const line of file.lines()) if (line.includes("ERROR")) errors++;
await data.writeLines("s3://b/errors.txt", [`errors: ${errors}`, "end"]);
await data.writeLines(
  "s3://b/kept.txt.gz",
  (async function* () {
    for await (const l of file.lines()) if (l.startsWith("#")) yield l;
  })(),
);
// @ts-expect-error a string is an iterable of characters
await data.writeLines("s3://b/errors.txt", `errors: ${errors}\nend`);
const head = await data.readLines("s3://b/log.txt.gz", { limit: 5 });
console.log(head.length);
const size = await data.localCopy(
  "s3://b/x.tif",
  async (path) => (await exec("gdalinfo", ["-json", path])).stdout.length,
);
console.log(size);
await data.writeFrom(
  "s3://b/sample.depth.txt",
  async (path, signal) => {
    await exec("samtools", ["depth", "-o", path], { signal });
  },
  { signal: AbortSignal.timeout(60_000) },
);
await data.writeFrom("s3://b/made.tif", "./made-before.tif");

const model = entrepot({ roots: { cloud: "s3://model-bucket/v2/" }, location: "cloud" });
const stop = new AbortController();
try {
  const report = await model.copy("inputs/", "./dest/", {
    signal: stop.signal,
    onProgress: (p) => process.stderr.write(`\r${p.doneBytes}/${p.totalBytes ?? "?"}`),
    onFile: (f) => console.log(JSON.stringify(f)),
  });
  console.log(report.copied.objects, report.skipped.objects);
} catch (e) {
  if (isEntrepotError(e) && e.failures.length > 0) for (const f of e.failures) console.error(f.uri, f.code, f.hint);
  else throw e;
}
const lenient = await model.copy("inputs/", "./dest/", { onError: "warn" });
if (lenient.failed.length > 0) process.exitCode = 1;
