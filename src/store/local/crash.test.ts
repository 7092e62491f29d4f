import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failNth, isReservedName, nodeFsOperations, openNodeDisk, systemProcesses } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import type { ObjectStore } from "../index.ts";
import { openLocalStore } from "./index.ts";

let root = "";

beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), "entrepot-crash-"));
});

afterEach(() => {
  fs.rmSync(root, { recursive: true });
});

describe("with every operation of the disk failing in turn", () => {
  const before = `before${"b".repeat(1000)}`;
  const after = `after${"a".repeat(100_000)}`;
  const actions: Readonly<Record<string, (store: ObjectStore, etag: string) => Promise<unknown>>> = {
    replacing: (store) => store.write("x", encode(after)),
    swapping: (store, etag) => store.write("x", encode(after), { ifMatch: etag }),
    creating: (store) => store.write("new/x", encode(after), { ifNoneMatch: "*" }),
    copying: (store) => store.copyFrom({ store, key: "x" }, "copy/x"),
    deleting: (store) => store.delete("x"),
  };

  test.each(Object.keys(actions))("%s gives all, nothing or a typed error, and leaves no temporary", async (name) => {
    const action = actions[name] as (store: ObjectStore, etag: string) => Promise<unknown>;
    for (let nth = 1; ; nth += 1) {
      const etag = await reset(before);
      const failing = failNth(nodeFsOperations, nth, { errno: "EIO" });
      const error = await failureOf(action(storeOn(failing.operations), etag));
      if (error !== undefined) expect(isEntrepotError(error, "io"), String(error)).toBe(true);
      checkWhole();
      expect(reserved(), `after ${failing.calls.join()}`).toEqual([]);
      if (!failing.fired) break;
    }
  });

  test.each(Object.keys(actions))("%s can be done again after a crash at any point", async (name) => {
    const action = actions[name] as (store: ObjectStore, etag: string) => Promise<unknown>;
    for (let nth = 1; ; nth += 1) {
      await reset(before);
      const failing = failNth(nodeFsOperations, nth, { crash: true });
      await failureOf(action(storeOn(failing.operations), (await storeOn().stat("x")).etag));
      checkWhole();
      // Another process: the one that crashed is dead to it.
      const disk = openNodeDisk();
      const real = systemProcesses(disk);
      const processes = {
        self: async () => ({ ...(await real.self()), pid: -1 }),
        liveness: async () => "dead" as const,
      };
      const later = openLocalStore({ disk, root, durable: false, processes });
      for (const key of ["x", "new/x", "copy/x"]) await later.write(key, encode("later"));
      checkWhole("later");
      if (!failing.fired) break;
    }
  });

  async function reset(text: string): Promise<string> {
    fs.rmSync(root, { recursive: true });
    fs.mkdirSync(root);
    return (await storeOn().write("x", encode(text))).etag;
  }

  function checkWhole(...more: readonly string[]): void {
    for (const path of files().filter((file) => !isReservedName(file.split("/").at(-1) ?? ""))) {
      expect([before, after, ...more].includes(fs.readFileSync(join(root, path), "utf8")), path).toBe(true);
    }
  }
});

function storeOn(operations = nodeFsOperations): ObjectStore {
  return openLocalStore({ disk: openNodeDisk({ operations }), root });
}

function files(): string[] {
  const all = fs.readdirSync(root, { recursive: true }) as string[];
  return all.filter((path) => fs.statSync(join(root, path)).isFile());
}

function reserved(): string[] {
  return files().filter((path) => isReservedName(path.split("/").at(-1) ?? ""));
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function failureOf(action: Promise<unknown>): Promise<unknown> {
  try {
    await action;
    return undefined;
  } catch (error) {
    return error;
  }
}
