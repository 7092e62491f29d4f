import { describe, expect, test } from "vitest";
import { type OriginPace, type ResponseSink, type Transport, type TransportRequest, withPace } from "./index.ts";

const get = { method: "GET", origin: "https://a.example.org", path: "/", headers: {} } as const;
const ignored: ResponseSink = { head() {}, data() {} };

/** Time that passes only when nothing else can happen: events in their order, and all that follows from each before the next. */
class Time {
  nowMs = 0;
  readonly #events: { readonly atMs: number; readonly happen: () => void }[] = [];

  after(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const event = { atMs: this.nowMs + ms, happen: resolve };
      const at = this.#events.findIndex(({ atMs }) => atMs > event.atMs);
      this.#events.splice(at < 0 ? this.#events.length : at, 0, event);
    });
  }

  /** Lets it pass until `work` is done. */
  async during(work: Promise<unknown>): Promise<void> {
    let done = false;
    const end = work.finally(() => {
      done = true;
    });
    while (!done) {
      await new Promise(setImmediate);
      const event = this.#events.shift();
      if (event === undefined) break;
      this.nowMs = event.atMs;
      event.happen();
    }
    await end;
  }
}

/** A server that bears so many requests at once, each of which takes it 20 ms. */
class Bearing implements Transport {
  bears: number;
  inFlight = 0;
  readonly answers: { readonly status: number; readonly inFlight: number }[] = [];
  readonly #time: Time;

  constructor(time: Time, bears: number) {
    this.#time = time;
    this.bears = bears;
  }

  async send(_request: TransportRequest, sink: ResponseSink): Promise<void> {
    this.inFlight += 1;
    const status = this.inFlight > this.bears ? 503 : 200;
    this.answers.push({ status, inFlight: this.inFlight });
    await this.#time.after(status === 503 ? 3 : 15 + (this.answers.length % 11));
    this.inFlight -= 1;
    sink.head(status, {});
  }

  async close(): Promise<void> {}

  refused(from = 0): number {
    return this.answers.slice(from).filter(({ status }) => status === 503).length;
  }
}

/** So many objects by so many workers, each tried until it is there. */
async function fetchAll(time: Time, transport: Transport, objects: number, workers = 64): Promise<void> {
  let left = objects;
  const worker = async () => {
    while (left-- > 0) {
      const statuses: number[] = [];
      while (statuses.at(-1) !== 200) {
        if (statuses.length > 0) await time.after(700);
        await transport.send(get, { ...ignored, head: (status) => void statuses.push(status) });
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

function paced(time: Time, bears: number, most = 32) {
  const server = new Bearing(time, bears);
  const told: OriginPace[] = [];
  const base = withPace(server, { most, now: () => time.nowMs });
  return { server, told, base, transport: base.heardBy((change) => void told.push(change)) };
}

describe("a server that bears fewer requests at once than are allowed", () => {
  test.each([1, 2, 4, 8, 20])("of %i gets about as many, and seldom one more", async (bears) => {
    const time = new Time();
    const { server, transport } = paced(time, bears);
    await time.during(fetchAll(time, transport, 3_000));
    expect(server.answers.filter(({ status }) => status === 200)).toHaveLength(3_000);
    const settled = Math.floor(server.answers.length / 4);
    expect(server.refused(settled) / (server.answers.length - settled)).toBeLessThan(0.06);
    const inFlight = server.answers.slice(settled).map((answer) => answer.inFlight);
    const mean = inFlight.reduce((sum, n) => sum + n, 0) / inFlight.length;
    expect(mean).toBeGreaterThan(bears * 0.7);
    expect(mean).toBeLessThanOrEqual(bears + 0.5);
  });

  test("is not asked more by those who come later", async () => {
    const time = new Time();
    const { server, transport, base } = paced(time, 4);
    await time.during(fetchAll(time, transport, 500));
    const before = server.answers.length;
    await time.during(fetchAll(time, base.heardBy(undefined), 500));
    expect(Math.max(...server.answers.slice(before).map(({ inFlight }) => inFlight))).toBeLessThanOrEqual(6);
  });

  test("gets all that are allowed again when it bears them, which is told with how long it took", async () => {
    const time = new Time();
    const { server, transport, told } = paced(time, 3, 8);
    await time.during(fetchAll(time, transport, 200));
    expect(told[0]).toEqual({ state: "slowed", origin: get.origin, concurrency: 4 });
    expect(told.some(({ state }) => state === "recovered")).toBe(false);
    const startedMs = told.length;
    server.bears = 100;
    await time.during(fetchAll(time, transport, 1_000));
    expect(told.slice(startedMs)).toEqual([
      { state: "recovered", origin: get.origin, concurrency: 8, slowMs: expect.any(Number) },
    ]);
    expect(server.answers.at(-1)).toMatchObject({ status: 200 });
    expect(Math.max(...server.answers.slice(-100).map(({ inFlight }) => inFlight))).toBe(8);
  });
});

/** Requests that end when the test says so. */
function held(most: number) {
  const sent: { readonly request: TransportRequest; readonly sink: ResponseSink; readonly end: () => void }[] = [];
  const transport = withPace(
    {
      send: (request, sink) => new Promise<void>((end) => void sent.push({ request, sink, end })),
      close: async () => undefined,
    },
    { most, now: () => 0 },
  );
  const settle = () => new Promise(setImmediate);
  return { sent, transport, settle };
}

test("many refusals of one moment slow down once", async () => {
  const { sent, transport, settle } = held(32);
  const told: unknown[] = [];
  const heard = transport.heardBy((change) => void told.push(change));
  for (let n = 0; n < 32; n++) void heard.send(get, ignored);
  for (const { sink } of sent) sink.head(503, {});
  expect(told).toEqual([{ state: "slowed", origin: get.origin, concurrency: 16 }]);
  for (const { end } of sent.splice(0)) end();
  await settle();
  for (let n = 0; n < 20; n++) void heard.send(get, ignored);
  expect(sent).toHaveLength(16);
});

test("no more than are allowed are on their way, the others come in their order, and who gives up leaves the queue", async () => {
  const { sent, transport, settle } = held(2);
  const leaving = new AbortController();
  for (const path of ["/1", "/2"]) void transport.send({ ...get, path }, ignored);
  const third = transport.send({ ...get, path: "/3", signal: leaving.signal }, ignored);
  void transport.send({ ...get, path: "/4" }, ignored);
  leaving.abort(new Error("no longer"));
  await expect(third).rejects.toThrow("no longer");
  await expect(transport.send({ ...get, signal: leaving.signal }, ignored)).rejects.toThrow("no longer");
  sent[0]?.end();
  await settle();
  expect(sent.map(({ request }) => request.path)).toEqual(["/1", "/2", "/4"]);
});

test("another origin is another matter", async () => {
  const { sent, transport } = held(1);
  void transport.send(get, ignored);
  void transport.send({ ...get, origin: "https://b.example.org" }, ignored);
  expect(sent).toHaveLength(2);
});

test("a stream that nobody reads keeps nobody waiting, and neither does an upload whose source waits for a download", async () => {
  const { sent, transport, settle } = held(1);
  const never = new Promise<void>(() => {});
  void transport.send({ ...get, path: "/unread" }, { ...ignored, data: () => never });
  void transport.send({ ...get, method: "PUT", path: "/up", body: waitingFor(never) }, ignored);
  void transport.send({ ...get, path: "/down" }, ignored);
  expect(sent.map(({ request }) => request.path)).toEqual(["/unread"]);
  void sent[0]?.sink.data(new Uint8Array(1));
  await settle();
  expect(sent.map(({ request }) => request.path)).toEqual(["/unread", "/up"]);
  const body = sent[1]?.request.body as AsyncIterable<Uint8Array>;
  void body[Symbol.asyncIterator]().next();
  await settle();
  expect(sent.map(({ request }) => request.path)).toEqual(["/unread", "/up", "/down"]);
});

async function* waitingFor(other: Promise<void>): AsyncGenerator<Uint8Array> {
  await other;
  yield new Uint8Array(1);
}

test("the word in an answer's body slows down, too, once for all of one moment", () => {
  const { transport } = held(32);
  const told: unknown[] = [];
  const heard = transport.heardBy((change) => void told.push(change));
  for (let n = 0; n < 9; n++) void heard.send(get, ignored);
  heard.throttled?.(get.origin);
  heard.throttled?.(get.origin);
  expect(told).toEqual([{ state: "slowed", origin: get.origin, concurrency: 4 }]);
});

test("a refusal with places to spare is forgotten with the next answers", async () => {
  const { sent, transport, settle } = held(32);
  const told: OriginPace[] = [];
  const heard = transport.heardBy((change) => void told.push(change));
  const answer = async (status: number) => {
    void heard.send(get, ignored);
    const last = sent.at(-1);
    last?.sink.head(status, {});
    last?.end();
    await settle();
  };
  await answer(503);
  let answers = 0;
  for (; told.at(-1)?.state !== "recovered"; answers++) await answer(200);
  expect(told.map(({ concurrency }) => concurrency)).toEqual([1, 32]);
  // one more after as many answers as may be on their way
  expect(answers).toBe((31 * 32) / 2);
});
