/** Run by `local-processes.test.ts`, several at once: adds 30 to a counter by compare and swap. */
import { openNodeDisk } from "../../../src/disk/index.ts";
import { isEntrepotError } from "../../../src/error/index.ts";
import { openLocalStore, readBytes } from "../../../src/store/index.ts";

const root = process.argv[2] ?? "";
const store = openLocalStore({ disk: openNodeDisk(), root, durable: false });
for (let done = 0; done < 30; ) {
  const { bytes, result } = await readBytes(store, "counter");
  const next = Number(new TextDecoder().decode(bytes)) + 1;
  try {
    await store.write("counter", new TextEncoder().encode(String(next)), { ifMatch: result.info.etag });
    done += 1;
  } catch (error) {
    if (!isEntrepotError(error, "precondition-failed")) throw error;
  }
}
