/** A server that says what it is told to, over a socket, and a depot with a cache in front of it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, type EntrepotOptions, entrepot } from "entrepot";
import { onTestFinished } from "vitest";
import { startRawServer } from "./raw-server.ts";

/** What a server has at one time. */
export interface Version {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The answer to a request for all of it ends after so many bytes. */
  readonly cutAt?: number | undefined;
  /** A request with If-None-Match is answered 304. Default: the server knows no conditions. */
  readonly isUnchanged?: boolean | undefined;
}

export interface Web {
  /** One version for each request; the last stays. */
  serve(...versions: Version[]): void;
  /** From here on it takes requests and says nothing. */
  silence(): void;
  /** The requests' heads since it was last asked. */
  take(): string[];
  readonly origin: string;
  /** Where the depots keep their copies. */
  readonly dir: string;
  open(options?: Pick<EntrepotOptions, "network">): Depot;
}

export async function openWeb(): Promise<Web> {
  let versions: Version[] = [];
  let silent = false;
  const heads: string[] = [];
  const server = await startRawServer((socket, head) => {
    heads.push(head);
    if (silent) return;
    const [version = { body: "" }] = versions;
    if (versions.length > 1) versions = versions.slice(1);
    const { text, cut } = answerTo(head, version);
    socket.write(text, "latin1");
    if (cut) socket.end();
  });
  const folder = await mkdtemp(join(tmpdir(), "entrepot-web-"));
  const depots: Depot[] = [];
  onTestFinished(async () => {
    await Promise.all(depots.map((depot) => depot.close()));
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
  const dir = join(folder, "cache");
  const access = {
    endpoint: server.origin,
    region: "us-east-1",
    addressing: "path",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  } as const;
  return {
    serve: (...next) => {
      versions = next;
    },
    silence: () => {
      silent = true;
    },
    take: () => heads.splice(0),
    origin: server.origin,
    dir,
    open: (options) => {
      const depot = entrepot({ ...access, env: {}, envFile: false, cache: { dir }, ...options }) as Depot;
      depots.push(depot);
      return depot;
    },
  };
}

function answerTo(head: string, { body, headers = {}, cutAt, isUnchanged }: Version): { text: string; cut: boolean } {
  if (isUnchanged === true && /\r\nif-none-match:/i.test(head)) {
    return { text: "HTTP/1.1 304 Not Modified\r\n\r\n", cut: false };
  }
  const [, first, last] = /\r\nrange: *bytes=(\d+)-(\d*)\r\n/i.exec(head) ?? [];
  const start = Number(first ?? 0);
  const end = last ? Number(last) + 1 : body.length;
  const range = first === undefined ? undefined : `bytes ${start}-${end - 1}/${body.length}`;
  const lines = Object.entries({
    ...headers,
    "Content-Length": String(end - start),
    ...(range === undefined ? undefined : { "Content-Range": range }),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = range === undefined ? "200 OK" : "206 Partial Content";
  const sent = head.startsWith("HEAD") ? "" : body.slice(start, range === undefined && cutAt ? cutAt : end);
  return {
    text: `HTTP/1.1 ${status}\r\n${lines.join("")}\r\n${sent}`,
    cut: range === undefined && cutAt !== undefined,
  };
}
