/** The contract suite over a decorator, in front of a memory, a folder, and a bucket behind a real socket. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { isReservedName, safeJoin } from "../../disk/index.ts";
import { openTransport, type Transport } from "../../net/index.ts";
import { type S3Server, type StoreTraits, startS3Server, storeContract } from "../../testing/index.ts";
import { openLocalStore } from "../local/index.ts";
import { openMemoryStore } from "../memory/index.ts";
import type { BucketStore, ObjectStore } from "../object-store.ts";
import { openS3Service } from "../s3/index.ts";

/** Enough to need a second page, and fewer where each key is a file or a request. */
const manyKeys = [0, 1, 1001];
const listSizes = [0, 1, 20];

/** `prefix` is what the decorator puts before each key. */
export function keepsTheContract(decorate: (store: ObjectStore) => ObjectStore, prefix = ""): void {
  const suite = (open: () => Promise<ObjectStore>, traits: StoreTraits): void => {
    const opened = async () => {
      const store = decorate(await open());
      return { store, close: () => store.close() };
    };
    for (const { name, run } of storeContract({ open: opened, traits })) test(name, run);
  };
  describe("in front of a memory", () =>
    suite(async () => openMemoryStore(), { keepsMetadata: true, listSizes: manyKeys }));
  describe("in front of a folder", () => local(suite, prefix));
  describe("in front of a bucket", () => remote(suite));
}

type Suite = (open: () => Promise<ObjectStore>, traits: StoreTraits) => void;

function local(suite: Suite, prefix: string): void {
  let root = "";
  let folders = 0;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "entrepot-with-"));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));
  const open = async () => {
    folders += 1;
    return openLocalStore({ root: join(root, String(folders)), durable: false });
  };
  suite(open, {
    keepsMetadata: false,
    filesAndFoldersClash: true,
    cannotHold: (key) => noFileName(prefix + key),
    listSizes,
  });
}

/** What a folder itself refuses, whatever stands in front of it. */
function noFileName(key: string): string | undefined {
  try {
    return isReservedName(safeJoin("/r", key).split("/").at(-1) ?? "") ? "a reserved name" : undefined;
  } catch (error) {
    return String(error);
  }
}

/** Half a surrogate pair has no UTF-8. */
function noUtf8(key: string): string | undefined {
  return /\p{Surrogate}/u.test(key) ? "not Unicode" : undefined;
}

function remote(suite: Suite): void {
  const bucket = withBucket();
  suite(async () => bucket(), { keepsMetadata: true, cannotHold: noUtf8, listSizes });
}

/** A bucket that is there while the tests of this block run. */
export function withBucket(): () => BucketStore {
  let server: S3Server | undefined;
  let transport: Transport | undefined;
  let bucket: BucketStore | undefined;
  beforeAll(async () => {
    server = await startS3Server({ buckets: ["bucket"] });
    transport = openTransport({ workload: "few" });
    bucket = openS3Service({ ...server.options, transport }).bucket("bucket");
  });
  afterAll(async () => {
    await transport?.close();
    await server?.close();
  });
  return () => {
    if (bucket === undefined) throw new Error("the server is not there yet");
    return bucket;
  };
}

/** The same store as somebody else's: only the contract's own methods, by another class, with no retries of its own. */
export function foreign(store: ObjectStore): ObjectStore {
  const other: ObjectStore = {
    uri: store.uri,
    read: (key, sink, options) => store.read(key, sink, options),
    stat: (key, options) => store.stat(key, options),
    write: (key, body, options) => store.write(key, body, options),
    delete: (key, options) => store.delete(key, options),
    list: (options) => store.list(options),
    copyFrom: (source, key, options) =>
      store.copyFrom({ ...source, store: source.store === other ? store : source.store }, key, options),
    close: () => store.close(),
  };
  return other;
}
