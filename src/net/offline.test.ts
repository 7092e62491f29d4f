import { expect, test } from "vitest";
import { failNth, recordRequests, scriptTransport, withNetworkSwitch } from "./index.ts";

const request = { method: "GET", origin: "http://127.0.0.1:9", path: "/", headers: {} } as const;
const sink = { head() {}, data() {} };

test("offline no packet leaves, and the error names the setting", async () => {
  const recorded = recordRequests(scriptTransport(() => ({ status: 200 })));
  const offline = withNetworkSwitch(recorded, "offline");
  await expect(offline.send(request, sink)).rejects.toMatchObject({
    code: "unreachable",
    retryable: false,
    hint: expect.stringContaining("network"),
  });
  expect(recorded.requests).toEqual([]);
  expect(offline.refusal?.(request.origin)).toMatchObject({ code: "unreachable" });
});

test.each(["auto", "online"] as const)("%s sends", async (mode) => {
  const recorded = recordRequests(scriptTransport(() => ({ status: 200 })));
  const transport = withNetworkSwitch(recorded, mode);
  await transport.send(request, sink);
  expect(recorded.requests).toHaveLength(1);
  expect(transport.refusal?.(request.origin)).toBeUndefined();
});

test("the switch may be turned while it is in use", async () => {
  let mode: "auto" | "offline" = "auto";
  const transport = withNetworkSwitch(
    scriptTransport(() => ({ status: 200 })),
    () => mode,
  );
  await transport.send(request, sink);
  mode = "offline";
  await expect(transport.send(request, sink)).rejects.toMatchObject({ code: "unreachable" });
});

test("the Nth request fails, the others pass", async () => {
  const reason = new Error("planned");
  const transport = failNth(
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
