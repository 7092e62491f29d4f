/** Bodies that are too large, come too slowly, or come from nobody: what the server holds of them, and for how long. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kinds } from "../../../tests/queue/places.ts";
import { openTestStore, type TestStore } from "../../../tests/runs/test-store.ts";
import { entrepot } from "../../index.ts";
import type { ServedRuns } from "../index.ts";
import { bytesPerSecond, firstMs, lookMs } from "./guard/read-body.ts";
import { start } from "./start.ts";

const [embedded] = kinds;

describe("a body", { timeout: 120_000 }, () => {
  const data = entrepot();
  const sockets = new Set<Socket>();
  let world: TestStore;
  let served: ServedRuns;
  let token: string;
  let run: string;
  let nowMs = 1_700_000_000_000;
  /** What the server would call every second, and how many it began to watch since it was asked last. */
  const looks = new Set<() => void>();
  let onWatch: () => void = () => undefined;

  beforeAll(async () => {
    world = await openTestStore((embedded as NonNullable<typeof embedded>).open);
    const every = (ms: number, work: () => void) => {
      if (ms === lookMs) looks.add(work);
      onWatch();
      return () => void looks.delete(work);
    };
    served = await start(data, world.store, { now: () => nowMs }, { every, mostConnections: 20 });
    ({ token } = await world.store.tokens.create({ name: "sender", role: "run" }));
    run = (await world.store.runs.create({ model: await world.newModel(), policies: ["p"] })).id;
  }, 120_000);
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await served?.close();
    await world?.close();
    await data.close();
  });

  const send = async (line: string, headers: readonly string[], body = "") => {
    const socket = connect(served.port, "127.0.0.1");
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    await once(socket, "connect");
    const head = [`${line} HTTP/1.1`, `Host: 127.0.0.1:${served.port}`, "Connection: close", ...headers, "\r\n"];
    socket.write(`${head.join("\r\n")}${body}`);
    return socket;
  };
  const json = "Content-Type: application/json";
  const upload = (headers: readonly string[], body: string) =>
    send(`PUT /api/v1/runs/${run}/files/a.csv`, [`Authorization: Bearer ${token}`, ...headers], body);
  const pass = (ms: number) => {
    nowMs += ms;
    for (const look of looks) look();
  };

  test("of somebody who is not signed in is refused before it is there, and is small where it need not be", async () => {
    const length = `Content-Length: ${1024 ** 2}`;
    const part = "x".repeat(10_000);
    for (const [line, status] of [
      ["POST /api/v1/session", 413],
      ["POST /api/v1/runs", 401],
      [`PUT /api/v1/runs/${run}/files/a.csv`, 401],
      [`PUT /api/v1/runs/none/files/a.csv`, 401],
    ] as const)
      expect(await text(await send(line, [json, length], part))).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const chunk = `${part.length.toString(16)}\r\n${part}\r\n`;
    const chunked = await send("POST /api/v1/session", [json, "Transfer-Encoding: chunked"], chunk);
    expect(await text(chunked)).toMatch(/^HTTP\/1.1 413 /);
  });

  test("that stops in the middle is not waited for", async () => {
    for (const [sent, ms] of [
      ["", firstMs],
      ["x".repeat(2 * bytesPerSecond), firstMs + 2_000],
    ] as const) {
      const watched = new Promise<void>((resolve) => {
        onWatch = resolve;
      });
      const socket = await upload(["Content-Length: 1000000"], sent);
      await watched;
      const answer = text(socket);
      // all that was sent is there
      for (let count = 0; count < 20; count += 1) await (await fetch(`${served.url}/api/v1/session`)).text();
      pass(ms);
      expect(looks.size).toBe(1);
      pass(1);
      expect(await answer).toMatch(/^HTTP\/1.1 408 .*came too slowly/s);
      expect(looks.size).toBe(0);
    }
    expect(await world.store.files.list(run)).toEqual([]);
  });

  test("that comes slowly but steadily is taken", async () => {
    const parts = 3;
    const watched = new Promise<void>((resolve) => {
      onWatch = resolve;
    });
    const socket = await upload([`Content-Length: ${parts * bytesPerSecond}`], "");
    await watched;
    for (let part = 0; part < parts; part += 1) {
      pass(900);
      await new Promise((resolve) => socket.write("x".repeat(bytesPerSecond), resolve));
    }
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 /);
  });

  test("of JSON keeps its numbers, or is refused with the place of the one that would become another", async () => {
    const model = await world.newModel();
    const create = async (options: string) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const body = `{"model":${JSON.stringify(model)},"options":${options}}`;
      const response = await fetch(`${served.url}/api/v1/runs`, { method: "POST", headers, body });
      return { status: response.status, body: (await response.json()) as { detail?: string; options?: unknown } };
    };
    for (const [options, detail] of [
      ['{"y":12345678901234567890}', /^options\.y: 12345678901234567890 has more digits/],
      ['{"a":[{"y":1e999}]}', /^options\.a\[0\]\.y: 1e999 has more digits/],
      [`${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`, /nested more than 64 deep/],
      ['{"stackingOrder":["b","b"]}', /names "b" twice/],
    ] as const)
      expect(await create(options)).toMatchObject({ status: 400, body: { detail: expect.stringMatching(detail) } });
    expect(await create('{"y":9007199254740991,"z":1e20}')).toMatchObject({
      status: 201,
      body: { options: { y: 9_007_199_254_740_991, z: 1e20 } },
    });
    let deep: unknown = 1;
    for (let depth = 0; depth < 10_000; depth += 1) deep = [deep];
    await expect(world.store.runs.create({ model, options: { deep } as never })).rejects.toThrow(/more than 1000 deep/);
  });

  test("and a connection that there is no place for is closed", async () => {
    const all: Socket[] = [];
    while (all.length < 20) all.push(await send("POST /api/v1/session", [json, "Content-Length: 100"], ""));
    const more = await send("GET /api/v1/session", []);
    expect(await text(more).catch(() => "")).toBe("");
    for (const socket of all) socket.destroy();
  });
});
