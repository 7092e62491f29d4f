/**
 * What a checksum costs, by algorithm and length of piece: this project's, the same without WebAssembly, `node:crypto`'s and the
 * AWS SDK's where it is installed; shuffled, median of 21. usage: checksums.mjs [--rounds 21] [--check]
 */
import { createHash, randomFillSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { rolldown } from "rolldown";
import { renderTable } from "../tests/interop/table.mjs";
import { circumstances, count, publish, repo, shuffled, summary, target } from "./figures.mjs";

/** @typedef {{ update(bytes: Uint8Array): void, digest(): unknown }} Running */
/** @typedef {{ name: string, start: () => Running }} Subject */

const rounds = count("rounds", 21);
const sizes = [1_048_576, 65_536, 4096];
const bytesPerSample = 8 * 1_048_576;
const bytes = randomFillSync(new Uint8Array(bytesPerSample));

/** The room is behind no door of the package, so it is bundled here. */
async function bundled() {
  const bundle = await rolldown({ input: `${repo}src/checksum/index.ts`, platform: "node", logLevel: "silent" });
  const { output } = await bundle.generate({ format: "esm" });
  mkdirSync(`${repo}.bench`, { recursive: true });
  writeFileSync(`${repo}.bench/checksum-room.mjs`, output[0].code);
  return `${repo}.bench/checksum-room.mjs`;
}

/** @returns {Promise<Subject[]>} */
async function ofSdk() {
  try {
    const { Crc32, Crc32c, Crc64Nvme } = await import("@aws-sdk/checksums/crc");
    return [
      { name: "CRC32, AWS SDK", start: () => new Crc32() },
      { name: "CRC32C, AWS SDK", start: () => new Crc32c() },
      { name: "CRC64NVME, AWS SDK", start: () => new Crc64Nvme() },
    ];
  } catch {
    console.log("@aws-sdk/checksums is not installed: the SDK is not measured");
    return [];
  }
}

const file = await bundled();
const room = await import(file);
const algorithms = ["CRC32", "CRC32C", "CRC64NVME"];
// The second copy asks for WebAssembly when there is none, and never again.
const plain = await import(`${file}?plain`);
const { WebAssembly } = globalThis;
Reflect.deleteProperty(globalThis, "WebAssembly");
for (const algorithm of algorithms) plain.checksumOf(algorithm, bytes);
Object.assign(globalThis, { WebAssembly });

/** @type {Subject[]} */
const subjects = [
  ...algorithms.map((name) => ({ name, start: () => room.startChecksum(name) })),
  ...["CRC32C", "CRC64NVME"].map((name) => ({
    name: `${name}, no WebAssembly`,
    start: () => plain.startChecksum(name),
  })),
  ...(await ofSdk()),
  ...["sha1", "sha256", "md5"].map((name) => ({ name: `${name}, node:crypto`, start: () => createHash(name) })),
];

const cases = subjects.flatMap((subject) =>
  sizes.map((size) => ({ ...subject, size, us: /** @type {number[]} */ ([]) })),
);
const before = circumstances();
// The first rounds let the engines compile and are thrown away.
for (let round = -3; round < rounds; round++) {
  for (const { start, size, us } of shuffled(cases)) {
    const begun = process.hrtime.bigint();
    for (let at = 0; at < bytesPerSample; at += size) {
      const running = start();
      running.update(bytes.subarray(at, at + size));
      await running.digest();
    }
    const took = Number(process.hrtime.bigint() - begun) / 1e3;
    if (round >= 0) us.push((took * size) / bytesPerSample);
  }
}

const rows = subjects.map(({ name }) => ({
  name,
  us: Object.fromEntries(cases.filter((one) => one.name === name).map(({ size, us }) => [size, summary(us)])),
}));
const msPerMiB = (/** @type {typeof rows[number]} */ row, /** @type {number} */ size) =>
  ((row.us[size]?.p50 ?? Number.NaN) / 1000) * (1_048_576 / size);
console.log(
  renderTable(
    "checksums",
    ["1 MiB: ms/MiB", "min…max", "64 KiB: ms/MiB", "4 KiB: µs each", "min…max"],
    rows.map((row) => [
      row.name,
      msPerMiB(row, 1_048_576).toFixed(3),
      `${((row.us[1_048_576]?.min ?? 0) / 1000).toFixed(3)}…${((row.us[1_048_576]?.max ?? 0) / 1000).toFixed(3)}`,
      msPerMiB(row, 65_536).toFixed(3),
      (row.us[4096]?.p50 ?? Number.NaN).toFixed(2),
      `${(row.us[4096]?.min ?? 0).toFixed(2)}…${(row.us[4096]?.max ?? 0).toFixed(2)}`,
    ]),
  ),
);
publish("checksums", { circumstances: before, rows });
for (const row of rows.slice(0, algorithms.length)) target(`${row.name}, ms/MiB`, msPerMiB(row, 65_536), 0.3);
