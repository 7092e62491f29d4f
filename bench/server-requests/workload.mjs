/** What the servers hold, and the requests that are sent to them: made and signed by the AWS SDK, replayed by wrk. */
import { randomBytes } from "node:crypto";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { credentials, ensureBucket } from "../sdk-client.mjs";

const Bucket = "bench";
const mib = 2 ** 20;
const small = Array.from({ length: 1000 }, (_, n) => `small/${String(n).padStart(4, "0")}`);

/**
 * Of each operation: what is sent, how it is signed, how many bytes of object one request moves, how many connections there are;
 * `bare` are those whose answers have no body: wrk would wait for one.
 *
 * @typedef {{ commands: () => any[], signed: "header" | "query" | "none", bytes: number, connections: number, bare?: "again" | "once" }} Operation
 * @type {Readonly<Record<string, Operation>>}
 */
export const operations = {
  "get-1k": gets(small.slice(0, 100), "header", 1024, 32),
  "get-1k-presigned": gets(small.slice(0, 100), "query", 1024, 32),
  "get-1k-anonymous": gets(small.slice(0, 100), "none", 1024, 32),
  head: {
    commands: () => small.slice(0, 100).map((Key) => new HeadObjectCommand({ Bucket, Key })),
    ...{ signed: "header", bytes: 0, connections: 32, bare: "again" },
  },
  "get-1m": gets(["large/1m"], "header", mib, 8),
  "get-64m": gets(["large/64m"], "header", 64 * mib, 2),
  "put-1k": {
    commands: () => small.slice(0, 100).map((name) => put(`put/${name}`, randomBytes(1024))),
    ...{ signed: "header", bytes: 1024, connections: 32 },
  },
  "put-1m": {
    commands: () => [put("put/1m", randomBytes(mib))],
    ...{ signed: "header", bytes: mib, connections: 8 },
  },
  "list-1000": {
    commands: () => [new ListObjectsV2Command({ Bucket, Prefix: "small/" })],
    ...{ signed: "header", bytes: 0, connections: 8 },
  },
  delete: {
    commands: () => deleted().map((Key) => new DeleteObjectCommand({ Bucket, Key })),
    ...{ signed: "header", bytes: 0, connections: 32, bare: "once" },
  },
};

const deleted = () => Array.from({ length: 4000 }, (_, n) => `delete/${n}`);
const put = (/** @type {string} */ Key, /** @type {Uint8Array} */ Body) => new PutObjectCommand({ Bucket, Key, Body });

/** @param {readonly string[]} keys @param {"header" | "query" | "none"} signed @param {number} bytes @param {number} connections @returns {Operation} */
function gets(keys, signed, bytes, connections) {
  return { commands: () => keys.map((Key) => new GetObjectCommand({ Bucket, Key })), signed, bytes, connections };
}

const settings = { region: "us-east-1", forcePathStyle: true, credentials, maxAttempts: 1 };

/** Puts there what the operations want to find. @param {string} endpoint @param {readonly string[]} names */
export async function fill(endpoint, names) {
  const client = new S3Client({ ...settings, endpoint });
  await ensureBucket(client, Bucket);
  const bodies = new Map(small.map((key) => [key, 1024]));
  if (names.includes("get-1m")) bodies.set("large/1m", mib);
  if (names.includes("get-64m")) bodies.set("large/64m", 64 * mib);
  if (names.includes("delete")) for (const key of deleted()) bodies.set(key, 16);
  const waiting = [...bodies];
  const work = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      await client.send(put(next[0], randomBytes(next[1])));
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  client.destroy();
}

/**
 * The requests of an operation as they go on the wire, each after its length: what `replay.lua` reads. They are good for a quarter of an hour.
 *
 * @param {string} endpoint @param {Operation} operation
 */
export async function requestsOf(endpoint, { commands, signed }) {
  /** @type {any[]} */
  const seen = [];
  const requestHandler = {
    /** @param {any} request */
    handle: async (request) => {
      seen.push(request);
      throw new Error("only signed, never sent");
    },
    httpHandlerConfigs: () => ({}),
    updateHttpClientConfig: () => undefined,
    metadata: { handlerProtocol: "http/1.1" },
  };
  const client = new S3Client({ ...settings, endpoint, requestHandler });
  const frames = [];
  for (const command of commands()) {
    if (signed === "header") {
      await client.send(command).catch((error) => {
        if (error.message !== "only signed, never sent") throw error;
      });
      const { method, path, query, headers, body } = seen.pop();
      frames.push(frame(method, path + queryText(query), headers, body));
    } else {
      const url = new URL(await getSignedUrl(new S3Client({ ...settings, endpoint }), command, { expiresIn: 3600 }));
      frames.push(frame("GET", url.pathname + (signed === "query" ? url.search : ""), { host: url.host }, undefined));
    }
  }
  return Buffer.concat(frames.flatMap((bytes) => [Buffer.from(`${bytes.length}\n`), bytes]));
}

/** @param {Readonly<Record<string, string | null>>} query */
function queryText(query) {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value ?? "")}`);
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

/** @param {string} method @param {string} target @param {Readonly<Record<string, string>>} headers @param {Uint8Array | undefined} body */
function frame(method, target, headers, body) {
  // wrk sends at once what it has: nobody waits for a 100 Continue.
  const lines = Object.entries(headers).filter(([name]) => name.toLowerCase() !== "expect");
  const head = [`${method} ${target} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), "", ""];
  return Buffer.concat([Buffer.from(head.join("\r\n")), body ?? new Uint8Array(0)]);
}
