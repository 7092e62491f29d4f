import { expect, test } from "vitest";
import { EntrepotError } from "../error/index.ts";
import { openMemoryStore } from "../store/index.ts";
import { type CopyItem, carryOut } from "./index.ts";

test.each(["throw", "ignore"] as const)(
  "a full disk ends the whole transfer, also with onError: %j",
  async (onError) => {
    const store = openMemoryStore();
    const bytes = new Uint8Array(1);
    for (let index = 0; index < 50; index += 1) await store.write(`from/${index}`, bytes);
    const tried: string[] = [];
    const full = openMemoryStore({ uri: "memory:///full/" });
    full.copyFrom = async () => undefined;
    full.write = async (key) => {
      tried.push(key);
      if (tried.length < 3) return { etag: "e", sizeBytes: 1, versionId: undefined };
      throw new EntrepotError("no-space", `no space left for ${key}`, { uri: `memory:///full/${key}` });
    };
    async function* items(): AsyncGenerator<CopyItem> {
      for (let index = 0; index < 50; index += 1) {
        const from = { store, key: `from/${index}`, uri: `memory:///from/${index}` };
        const to = { store: full, key: `${index}`, uri: `memory:///full/${index}` };
        yield { kind: "copy", job: { from, to, sizeBytes: 1 } };
      }
    }
    const settings = { concurrency: 1, warn: () => {}, now: () => 0, onError };
    const error = await carryOut(items(), settings).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "no-space",
      message: "no space left for 2; 47 objects were not tried",
      failures: [{ code: "no-space", uri: "memory:///full/2" }],
    });
    expect(tried).toEqual(["0", "1", "2"]);
  },
);
