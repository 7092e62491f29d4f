import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { openS3Service } from "../s3/index.ts";
import { FakeClock } from "../s3/scripted.fixture.ts";
import { filledWith, mebibyte, OrderedSink, PlacesSink, serveBytes } from "./parallel.fixture.ts";

const bytes = filledWith(1, 64 * mebibyte);
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

test.each([
  ["in order", () => new OrderedSink(false), 31],
  ["of any place", () => new PlacesSink(), 7],
] as const)("of parts %s only those that are on their way are kept", async (_name, open, parts) => {
  const signals: WeakRef<AbortSignal>[] = [];
  let kept = 0;
  const service = openS3Service({
    endpoint: "http://127.0.0.1:9",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    clock: new FakeClock(),
    partsInFlight: 2,
    transport: {
      async send({ signal, ...request }, sink) {
        const isPart = request.headers["range"] !== undefined;
        if (isPart && signal !== undefined) signals.push(new WeakRef(signal));
        const { status, headers = {}, body = "" } = serveBytes(request, bytes, '"a"');
        sink.head(status, headers);
        // The first answer brings its own part only: it is late with the rest.
        for (let at = 0; at < body.length; at += mebibyte) {
          await new Promise((resolve) => setImmediate(resolve));
          await sink.data(Buffer.from(body as Uint8Array).subarray(at, at + mebibyte));
        }
        if (signals.length < parts - 1) return;
        await new Promise((resolve) => setImmediate(resolve));
        collect();
        kept = signals.filter((signalOf) => signalOf.deref() !== undefined).length;
      },
      async close() {},
    },
  });
  await service.bucket("b").read("k", open());
  expect(signals.length).toBeGreaterThan(parts - 3);
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(5);
});
