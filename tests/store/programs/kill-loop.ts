/** Run by `local-processes.test.ts` as a process of its own: writes files that carry their checksum until it is killed. */
import { hash } from "node:crypto";
import { openNodeDisk } from "../../../src/disk/index.ts";
import { isEntrepotError } from "../../../src/error/index.ts";
import { openLocalStore } from "../../../src/store/index.ts";

const root = process.argv[2] ?? "";
const store = openLocalStore({ disk: openNodeDisk(), root, durable: false });
for (let round = 0; ; round += 1) {
  const key = `folder/${round % 8}`;
  const body = `${round}`.padEnd(1 + Math.floor(Math.random() * 300_000), "abcdefghij");
  const bytes = new TextEncoder().encode(hash("sha256", body, "hex") + body);
  try {
    const present = round % 3 === 0 ? undefined : await store.stat(key).catch(() => undefined);
    await store.write(key, bytes, present === undefined ? {} : { ifMatch: present.etag });
    if (round % 5 === 0) await store.delete(`folder/${(round + 3) % 8}`);
  } catch (error) {
    if (!isEntrepotError(error, "precondition-failed", "not-found")) throw error;
  }
  process.stdout.write(`${round}\n`);
}
