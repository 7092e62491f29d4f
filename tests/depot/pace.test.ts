/** A server that refuses what is more than it bears at once: what is asked of it settles there, and all of it arrives. */
import { createServer, request as forward, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type DepotEvent, entrepot } from "entrepot";
import { startS3Server } from "entrepot/testing";
import { expect, test } from "vitest";

/** In front of `endpoint`: answers 503 SlowDown to what is above `bears` at once, and nothing before so many are there. */
async function startBearing(endpoint: string, bears: number, gathered = 1) {
  const seen = { answers: 0, refused: 0, most: 0 };
  let inFlight = 0;
  let gather: (() => void) | undefined;
  const enough = new Promise<void>((resolve) => {
    gather = resolve;
  });
  const server: Server = createServer((incoming, outgoing) => {
    inFlight += 1;
    seen.answers += 1;
    outgoing.once("close", () => {
      inFlight -= 1;
    });
    if (inFlight === gathered) gather?.();
    if (inFlight > bears) {
      seen.refused += 1;
      incoming.resume();
      outgoing.writeHead(503, { "retry-after": "0" }).end("<Error><Code>SlowDown</Code></Error>");
      return;
    }
    seen.most = Math.max(seen.most, inFlight);
    const { url = "", method, headers } = incoming;
    const answered = forward(new URL(url, endpoint), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    void enough.then(() => incoming.pipe(answered));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    seen,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

test("reads and writes of a depot settle together at what the server bears, and every one arrives", async () => {
  await using server = await startS3Server({ buckets: ["b"] });
  await using front = await startBearing(server.endpoint, 4);
  const events: DepotEvent[] = [];
  const onEvent = (event: DepotEvent) => void (event.type === "request" || events.push(event));
  await using data = entrepot({ ...server.options, endpoint: front.endpoint, cache: false, onEvent });
  const names = Array.from({ length: 200 }, (_, n) => `s3://b/${n}`);
  await Promise.all(names.map((name) => data.writeText(name, name)));
  expect(await Promise.all(names.map((name) => data.readText(name)))).toEqual(names);
  expect(front.seen.most).toBe(4);
  expect(front.seen.refused / front.seen.answers).toBeLessThan(0.25);
  expect(events).toContainEqual({ type: "slowed", uri: undefined, origin: front.endpoint, concurrency: 16 });
});

test("a server that bears all is asked as much as is allowed, and nobody is told anything", async () => {
  await using server = await startS3Server({ buckets: ["b"] });
  await using front = await startBearing(server.endpoint, 1_000, 6);
  const types = new Set<string>();
  await using data = entrepot({
    ...server.options,
    endpoint: front.endpoint,
    cache: false,
    concurrency: 6,
    onEvent: ({ type }) => types.add(type),
  });
  await Promise.all(Array.from({ length: 100 }, (_, n) => data.writeText(`s3://b/${n}`, "x")));
  expect(front.seen.most).toBe(6);
  expect([...types]).toEqual(["request"]);
});
