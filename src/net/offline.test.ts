import { expect, test } from "vitest";
import { recordRequests, scriptTransport } from "../testing/index.ts";
import { withNetworkSwitch } from "./index.ts";

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
