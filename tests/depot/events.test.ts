import { type DepotEvent, entrepot } from "entrepot";
import { startS3Server } from "entrepot/testing";
import { expect, expectTypeOf, test, vi } from "vitest";

type Of<T extends DepotEvent["type"]> = Extract<DepotEvent, { readonly type: T }>;

test("every event is narrowed by its type, and a misspelt one does not compile", () => {
  expectTypeOf<DepotEvent["type"]>().toEqualTypeOf<
    "stale" | "queued" | "unreachable" | "reachable" | "slowed" | "recovered" | "warning" | "retry" | "request"
  >();
  expectTypeOf<Of<"stale">["ageMs"]>().toBeNumber();
  expectTypeOf<Of<"warning">["error"]["code"]>().toBeString();
  expectTypeOf<Of<"retry">["delayMs"]>().toBeNumber();
  expectTypeOf<Of<"request">["origin"]>().toBeString();
  const told = (event: DepotEvent): number => {
    switch (event.type) {
      case "stale":
        return event.ageMs;
      case "queued":
        return event.id.length;
      case "unreachable":
        return event.origin.length;
      case "reachable":
        return event.awayMs;
      case "slowed":
        return event.concurrency;
      case "recovered":
        return event.slowMs;
      case "warning":
        return event.error.message.length;
      case "retry":
        return event.attempt;
      case "request":
        return event.status;
    }
  };
  // @ts-expect-error: there is no such event
  const misspelt = (event: DepotEvent) => event.type === "requests";
  // @ts-expect-error: a retry has no status
  const wrong = (event: Of<"retry">) => event.status;
  expect([told, misspelt, wrong]).toHaveLength(3);
});

test.each([
  [
    "throws",
    () => {
      throw new Error("listener is broken");
    },
  ],
  [
    "rejects",
    async () => {
      throw new Error("listener is broken");
    },
  ],
])("a listener that %s breaks no call, and is one warning", async (_, onEvent) => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  try {
    await using server = await startS3Server({ buckets: ["bucket"] });
    await using data = entrepot({ ...server.options, cache: false, onEvent: onEvent as () => void });
    await data.writeText("s3://bucket/a", "hello");
    server.inject({ method: "GET", effect: { status: 503, code: "SlowDown", retryAfterSeconds: 0 } });
    server.inject({ method: "GET", effect: { cutAfterBytes: 2 } });
    expect(await data.readText("s3://bucket/a")).toBe("hello");
    expect(await data.readText("s3://bucket/none", { onError: "warn" })).toBeUndefined();
    expect(await data.list("s3://bucket/").uris()).toEqual(["s3://bucket/a"]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(String(warn.mock.calls[0]?.[0])).toContain("listener is broken");
  } finally {
    warn.mockRestore();
  }
});

test("requests are told in the order of their tries, with what they asked and why they failed", async () => {
  await using server = await startS3Server({ buckets: ["bucket"] });
  const events: DepotEvent[] = [];
  await using data = entrepot({ ...server.options, cache: false, onEvent: (event) => void events.push(event) });
  await data.writeText("s3://bucket/a", "hello");
  events.length = 0;
  server.inject({ method: "GET", effect: { cutAfterBytes: 2 } });
  await data.readText("s3://bucket/a");
  const { endpoint: origin } = server.options;
  const uri = "s3://bucket/a";
  expect(events).toMatchObject([
    { type: "request", uri, origin, attempt: 1, status: 200, failure: "truncated", receivedBytes: 2 },
    { type: "retry", uri, attempt: 1 },
    { type: "request", uri, origin, attempt: 2, status: 206, failure: undefined, receivedBytes: 3 },
  ]);
});
