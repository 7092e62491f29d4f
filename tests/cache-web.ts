/** A server that says what it is told to, over a socket, and a depot with a cache in front of it. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, type EntrepotOptions, entrepot } from "entrepot";
import { onTestFinished } from "vitest";

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
  const server = createServer((request, response) => {
    const head = headOf(request);
    heads.push(head);
    if (silent) return;
    const [version = { body: "" }] = versions;
    if (versions.length > 1) versions = versions.slice(1);
    const { status, headers, body, cut } = answerTo(head, version);
    response.writeHead(status, { ...headers });
    if (!cut) response.end(body, "latin1");
    else response.write(body, "latin1", () => response.socket?.end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = await mkdtemp(join(tmpdir(), "entrepot-web-"));
  const depots: Depot[] = [];
  onTestFinished(async () => {
    await Promise.all(depots.map((depot) => depot.close()));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });
  const dir = join(folder, "cache");
  const access = {
    endpoint: origin,
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
    origin,
    dir,
    open: (options) => {
      const depot = entrepot({ ...access, env: {}, envFile: false, cache: { dir }, ...options }) as Depot;
      depots.push(depot);
      return depot;
    },
  };
}

function headOf({ method, url, rawHeaders }: IncomingMessage): string {
  const lines = rawHeaders.map((text, index) => (index % 2 === 0 ? `\r\n${text}: ` : text));
  return `${method} ${url}${lines.join("")}\r\n`;
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly cut: boolean;
}

function answerTo(head: string, { body, headers = {}, cutAt, isUnchanged }: Version): Reply {
  if (isUnchanged === true && /\r\nif-none-match:/i.test(head)) {
    return { status: 304, headers: {}, body: "", cut: false };
  }
  const [, first, last] = /\r\nrange: *bytes=(\d+)-(\d*)\r\n/i.exec(head) ?? [];
  const start = Number(first ?? 0);
  const end = last ? Number(last) + 1 : body.length;
  const length = { "Content-Length": String(end - start) };
  if (first !== undefined) {
    const range = { "Content-Range": `bytes ${start}-${end - 1}/${body.length}` };
    return { status: 206, headers: { ...headers, ...length, ...range }, body: body.slice(start, end), cut: false };
  }
  const sent = head.startsWith("HEAD") ? "" : body.slice(0, cutAt);
  return { status: 200, headers: { ...headers, ...length }, body: sent, cut: cutAt !== undefined };
}
