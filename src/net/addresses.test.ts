/** A host of several addresses, of which the first ones are dead: node goes on to the next by itself, in both clients. */
import dns from "node:dns";
import { afterEach, expect, test, vi } from "vitest";
import { get, ok, Recording, startRawServer } from "../../tests/raw-server.ts";
import { openTransport } from "./index.ts";

afterEach(() => void vi.restoreAllMocks());

test.each(["many", "few"] as const)(
  "the transport for %s requests connects to the first address that answers",
  async (workload) => {
    await using server = await startRawServer((socket) => socket.write(ok));
    const lookup = vi.spyOn(dns, "lookup") as unknown as { mockImplementation(lookup: unknown): void };
    const addresses = ["127.0.0.2", "::1", "127.0.0.1"].map((address) => ({
      address,
      family: address === "::1" ? 6 : 4,
    }));
    lookup.mockImplementation((_host: string, _options: object, done: (error: null, found: object) => void) =>
      done(null, addresses),
    );
    const transport = openTransport({ workload });
    const sink = new Recording();
    const origin = `http://several.example.test:${new URL(server.origin).port}`;
    await transport.send(get(origin), sink);
    expect(sink.body).toBe("0123456789");
    expect(dns.lookup).toHaveBeenCalled();
    await transport.close();
  },
);
