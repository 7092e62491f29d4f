/** Clients that go away in the middle: by sockets, because no HTTP client does on demand what a cut cable does. */
import { createHash } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { ServedRequest, ServedRuns } from "../../src/runs/index.ts";
import { kinds } from "../queue/places.ts";
import { openServedWorld, type ServedWorld } from "./served-world.ts";

const [embedded] = kinds;
const before = "year,value\n2024,1\n";

describe("who goes away", { timeout: 120_000 }, () => {
  let it: ServedWorld;
  let served: ServedRuns;
  /** By the end of the path, once a request is answered. */
  const log = new EventEmitter<Record<string, [ServedRequest]>>();
  let token: string;
  let run: string;
  /** Called when a request looks for its run, and awaited by it. */
  let atLookup: () => Promise<void>;

  beforeAll(async () => {
    it = await openServedWorld((embedded as NonNullable<typeof embedded>).open);
    const runs = {
      ...it.store.runs,
      get: async (id: string) => {
        await atLookup();
        return it.store.runs.get(id);
      },
    };
    served = await it.serve({
      store: { ...it.store, runs },
      log: (one) => log.emit(one.path.slice(one.path.lastIndexOf("/")), one),
    });
    token = await it.tokenOf("run");
    run = (await it.store.runs.create({ model: await it.world.newModel(), policies: ["p"] })).id;
    await it.store.files.put(run, undefined, "parameters.csv", before);
  }, 120_000);
  beforeEach(() => {
    for (const method of ["error", "info"] as const) vi.spyOn(console, method);
  });
  afterEach(async () => {
    expect(it.internal).toEqual([]);
    expect(console.error).not.toHaveBeenCalled();
    expect(console.info).not.toHaveBeenCalled();
  });
  afterAll(async () => {
    await it.close();
  });

  const opened = async (): Promise<Socket> => {
    const socket = connect(served.port, "127.0.0.1");
    socket.on("error", () => undefined);
    await once(socket, "connect");
    return socket;
  };
  const headOf = (line: string, headers: readonly string[]) =>
    [`${line} HTTP/1.1`, `Host: 127.0.0.1:${served.port}`, `Authorization: Bearer ${token}`, ...headers, "\r\n"].join(
      "\r\n",
    );
  /** Once the server has seen what happened to other connections. */
  const seen = async () => {
    for (let count = 0; count < 3; count += 1) await (await fetch(`${served.url}/api/v1/session`)).text();
  };

  const sha256 = createHash("sha256").update(before).digest("hex");
  const part = "year,value\n".repeat(27);
  const uploads = [
    ["a length", ["Content-Length: 1000"], part],
    ["a length and nothing of the body", ["Content-Length: 1000"], ""],
    ["chunks", ["Transfer-Encoding: chunked"], `${part.length.toString(16)}\r\n${part}\r\n`],
    ["chunks and none of them", ["Transfer-Encoding: chunked"], ""],
    ["a length and a condition", ["Content-Length: 1000", `If-Match: "${sha256}"`], part],
  ] as const;
  const ends = [
    ["closes", (socket: Socket) => socket.end().destroy()],
    ["resets", (socket: Socket) => socket.resetAndDestroy()],
  ] as const;
  const cases = uploads.flatMap(([kind, headers, sent]) =>
    ends.flatMap(([how, end]) =>
      [true, false].map(
        (isEarly) => [kind, how, isEarly ? "before" : "while", { headers, sent, end, isEarly }] as const,
      ),
    ),
  );

  test.each(cases)(
    "in an upload with %s, and %s it %s the body is read, leaves what was there",
    async (_kind, _how, _when, { headers, sent, end, isEarly }) => {
      const put = once(log, "/parameters.csv");
      let release = (): void => undefined;
      const isLookedUp = new Promise<void>((resolve) => {
        atLookup = () => {
          resolve();
          return isEarly ? new Promise((go) => (release = go)) : Promise.resolve();
        };
      });
      const socket = await opened();
      socket.write(`${headOf(`PUT /api/v1/runs/${run}/files/parameters.csv`, headers)}${sent}`);
      await isLookedUp;
      if (!isEarly) await seen();
      end(socket);
      await seen();
      release();
      expect((await put)[0]).toMatchObject({ status: 400 });
      expect(new TextDecoder().decode(await it.store.files.read(run, undefined, "parameters.csv"))).toBe(before);
    },
  );

  test("while a download goes on, or before it begins, is no failure of ours", async () => {
    const { id, tasks } = await it.world.started({ policies: ["p"] });
    await it.finish(tasks[0]?.id ?? "", { "large.bin": new Uint8Array(30_000_000).fill(65) });
    const head = headOf(`GET /api/v1/runs/${id}/output?policy=p&path=large.bin`, []);
    for (const isEarly of [true, false])
      for (const [, end] of ends) {
        let release = (): void => undefined;
        const isLookedUp = new Promise<void>((resolve) => {
          atLookup = () => {
            resolve();
            return isEarly ? new Promise((go) => (release = go)) : Promise.resolve();
          };
        });
        const get = once(log, "/output");
        const socket = await opened();
        socket.write(head);
        await isLookedUp;
        if (!isEarly) {
          await once(socket, "data");
          socket.pause();
        }
        end(socket);
        if (isEarly) await seen();
        release();
        expect((await get)[0]).toMatchObject({ status: isEarly ? 499 : 200 });
        await seen();
      }
  });

  test("and one that is whole is stored", async () => {
    atLookup = async () => undefined;
    for (const [headers, sent] of [
      [["Content-Length: 3"], "a,b"],
      [["Transfer-Encoding: chunked"], "3\r\na,b\r\n0\r\n\r\n"],
      [["Content-Length: 0"], ""],
    ] as const) {
      const socket = await opened();
      socket.write(`${headOf(`PUT /api/v1/runs/${run}/files/other.csv`, headers)}${sent}`);
      const [answer] = await once(socket, "data");
      expect(String(answer)).toMatch(/^HTTP\/1.1 200 /);
      socket.destroy();
      expect((await it.store.files.read(run, undefined, "other.csv")).byteLength).toBe(
        headers[0].endsWith("0") ? 0 : 3,
      );
    }
  });
});
