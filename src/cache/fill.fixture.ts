/** Fills a cache folder with real entries, as many and as fast as it can: for `bench/cache-million.mjs`, which bundles it. */
import { hash } from "node:crypto";
import { closeSync, fstatSync, futimesSync, mkdirSync, openSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import { dataName, entryId, layoutFolder, recordName, shardFolder } from "./layout.ts";
import { formatRecord } from "./record.ts";

/**
 * The objects are `https://cache.example/k0`, `k1` … of `sizeBytes` each; the first was used `spreadMs` ago, the last now. Only the
 * first 256 KiB of an object have a checksum, so it is not to be larger.
 */
export function fillCache(dir: string, count: number, sizeBytes: number, spreadMs: number): void {
  const [origin, boot, nowMs] = ["https://cache.example", "filled", Date.now()];
  const layout = layoutFolder(dir);
  for (let shard = 0; shard < 256; shard += 1)
    mkdirSync(`${layout}/${shard.toString(16).padStart(2, "0")}`, { recursive: true, mode: 0o700 });

  const bytes = Buffer.alloc(sizeBytes);
  for (let index = 0; index < count; index += 1) {
    const key = `k${index}`;
    const id = entryId(["http", origin], `${origin}/`, key);
    const folder = shardFolder(layout, id.hash);
    const usedMs = nowMs - spreadMs + (spreadMs * index) / count;
    bytes.write(`${key} `);
    const name = dataName(id.hash, key, key);
    const fd = openSync(`${folder}/${name}`, "wx", 0o600);
    writeSync(fd, bytes);
    futimesSync(fd, usedMs / 1000, usedMs / 1000);
    const stat = fstatSync(fd, { bigint: true });
    closeSync(fd);
    const record = formatRecord({
      entry: id.hash,
      uri: id.uri,
      info: { key, etag: `"${index}"`, sizeBytes, modifiedMs: usedMs } as never,
      verified: "length",
      complete: true,
      expired: false,
      fetchedMs: usedMs,
      checkedMs: usedMs,
      dataName: name,
      sha256: hash("sha256", bytes),
      blocks: "00000000",
      file: {
        inode: String(stat.ino),
        sizeBytes,
        modifiedNs: String(stat.mtimeNs),
        changedNs: String(stat.ctimeNs),
      },
      witness: { bootId: boot, host: boot },
    });
    writeFileSync(`${folder}/${recordName(id.hash)}`, record, { mode: 0o600 });
    utimesSync(`${folder}/${recordName(id.hash)}`, usedMs / 1000, usedMs / 1000);
  }
}
