/** A server that takes the question and does not answer, over a socket: one short wait, and the copy. */
import { expect, test } from "vitest";
import { openBench, readText } from "../../tests/cache-bench.ts";
import { openWeb } from "../../tests/cache-web.ts";
import { openTransport } from "../net/index.ts";
import { openHttpStore } from "../store/index.ts";
import { openCircuit } from "./circuit.ts";

test("a silent server is asked once, within the caller's bound", async () => {
  const { cache, stale } = await openBench();
  const web = await openWeb();
  const transport = openTransport();
  const store = openHttpStore({ origin: web.origin, transport });
  const cached = cache.wrap(store, {
    identity: ["http", web.origin],
    circuit: openCircuit(Date.now),
    network: "auto",
    onStale: (notice) => stale.push(notice),
  });
  web.serve({ body: "hello", headers: { ETag: '"a"' } });
  await readText(cached, "k");
  web.take();
  web.silence();
  expect(await readText(cached, "k", { timeouts: { firstByteMs: 40 } })).toBe("hello");
  expect(web.take()).toHaveLength(1);
  expect(stale).toHaveLength(1);
  await transport.close();
});
