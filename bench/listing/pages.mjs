/** Canned answers to ListObjectsV2 as AWS writes them, once with keys as they are and once encoded, for nginx to hand out. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const keysPerPage = 1000;

/** One key in ten holds what must be encoded, or decoded. @param {number} n */
export function keyOf(n) {
  const number = String(n).padStart(9, "0");
  return n % 10 === 0
    ? `raw/${number} São Paulo/year=2026/part+1 & more.parquet`
    : `raw/${number}/measurements/2026/11/part-00017.snappy.parquet`;
}
export const sizeOf = (/** @type {number} */ n) => (n * 7919) % 100_000_000;

/** As S3 encodes keys for those who ask: all but a few characters, a blank as `+`. @param {string} key */
const encoded = (key) => encodeURIComponent(key).replaceAll("%2F", "/").replaceAll("%20", "+");
const escaped = (/** @type {string} */ key) => key.replaceAll("&", "&amp;");

/** Writes FOLDER/plain/N.xml and FOLDER/url/N.xml. @param {string} folder @param {number} pages */
export function writePages(folder, pages) {
  for (const form of ["plain", "url"]) {
    mkdirSync(join(folder, form), { recursive: true });
    for (let page = 0; page < pages; page++) {
      writeFileSync(join(folder, form, `${page}.xml`), pageOf(page, pages, form === "url"));
    }
  }
}

/** @param {number} page @param {number} pages @param {boolean} isEncoded */
function pageOf(page, pages, isEncoded) {
  const contents = Array.from({ length: keysPerPage }, (_, at) => {
    const n = page * keysPerPage + at;
    const etag = createHash("md5").update(String(n)).digest("hex");
    const key = isEncoded ? encoded(keyOf(n)) : escaped(keyOf(n));
    return `<Contents><Key>${key}</Key><LastModified>2026-11-0${1 + (n % 9)}T12:34:56.000Z</LastModified><ETag>&quot;${etag}&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType><Size>${sizeOf(n)}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
  });
  const isLast = page === pages - 1;
  const head = `<Name>listing</Name><Prefix></Prefix>${page === 0 ? "" : `<ContinuationToken>${page}</ContinuationToken>`}`;
  const next = isLast ? "" : `<NextContinuationToken>${page + 1}</NextContinuationToken>`;
  const counts = `<KeyCount>${keysPerPage}</KeyCount><MaxKeys>1000</MaxKeys>${isEncoded ? "<EncodingType>url</EncodingType>" : ""}`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${head}${next}${counts}<IsTruncated>${!isLast}</IsTruncated>${contents.join("")}</ListBucketResult>`;
}

/** What every subject must have come to: all keys, each as it is, and the sum of the sizes. */
export class Tally {
  keys = 0;
  sizeBytes = 0;

  /** @param {string | undefined} key @param {number | undefined} sizeBytes */
  add(key, sizeBytes) {
    // Comparing each key would cost as much as reading it: one in a hundred, those that were encoded among them.
    if (this.keys % 100 === 0 && key !== keyOf(this.keys)) throw new Error(`key ${this.keys} came as ${key}`);
    this.keys += 1;
    this.sizeBytes += sizeBytes ?? Number.NaN;
  }

  /** @param {number} keys */
  assert(keys) {
    let due = 0;
    for (let n = 0; n < keys; n++) due += sizeOf(n);
    if (this.keys !== keys) throw new Error(`${this.keys} keys came and not ${keys}`);
    if (this.sizeBytes !== due) throw new Error("the sizes do not add up");
  }
}
