import { expect, test } from "vitest";
import { failNthRequest, recordRequests, scriptTransport } from "./index.ts";

const request = { method: "GET", origin: "http://127.0.0.1:9", path: "/", headers: {} } as const;
const sink = { head() {}, data() {} };

test("the Nth request fails, the others pass", async () => {
  const reason = new Error("planned");
  const transport = failNthRequest(
    scriptTransport(() => ({ status: 200 })),
    2,
    reason,
  );
  await transport.send(request, sink);
  await expect(transport.send(request, sink)).rejects.toBe(reason);
  await transport.send(request, sink);
});

test("a recorder without a transport lets nothing through", async () => {
  const recorded = recordRequests();
  await expect(recorded.send(request, sink)).rejects.toThrow("no packet leaves");
  expect(recorded.requests).toHaveLength(1);
});
