/** What is left of connections that nobody waits for any more, however far they had come: nothing, at once. */
import { describe, expect, test } from "vitest";
import { makeAuthority } from "../../tests/certificates.ts";
import { startProxy } from "../../tests/proxy-server.ts";
import { failureOf, get, Recording, startRawServer } from "../../tests/raw-server.ts";
import { chooseProxy, type OpenTransportOptions, openTransport, parseProxy } from "./index.ts";

const authority = makeAuthority();
const certificates = async () => [authority.cert];
const identity = authority.issue(["127.0.0.1"]);
const reason = new Error("enough");

describe.each(["many", "few"] as const)(
  "a transport for %s requests, with a minute for each connection",
  (workload) => {
    const open = (options: OpenTransportOptions) =>
      openTransport({ workload, certificates, timeouts: { connectMs: 60_000 }, ...options });
    const by = (url: string) => ({ proxy: chooseProxy({ https: parseProxy(url, "HTTPS_PROXY") }) });
    const silent = () => startRawServer(() => undefined);
    const isClosed = ({ sockets }: { readonly sockets: readonly { readonly destroyed: boolean }[] }) =>
      sockets.every(({ destroyed }) => destroyed);

    test.each(["http", "https"] as const)(
      "an abort in the handshake behind a proxy of %s closes it",
      async (scheme) => {
        await using origin = await silent();
        const certificate = scheme === "https" ? identity : undefined;
        await using proxy = await startProxy({ portOf: () => Number(new URL(origin.origin).port), certificate });
        const transport = open(by(`${scheme}://127.0.0.1:${proxy.port}`));
        const controller = new AbortController();
        const sent = transport.send(get("https://s3.example.test", { signal: controller.signal }), new Recording());
        await expect.poll(() => origin.received[0]?.length ?? 0).toBeGreaterThan(0);
        controller.abort(reason);
        expect(await failureOf(sent)).toBe(reason);
        await expect.poll(() => proxy.open).toBe(0);
        await transport.close();
      },
    );

    test("an abort in the handshake with a proxy closes it", async () => {
      await using proxy = await silent();
      const transport = open(by(proxy.origin.replace("http:", "https:")));
      const controller = new AbortController();
      const sent = transport.send(get("https://s3.example.test", { signal: controller.signal }), new Recording());
      await expect.poll(() => proxy.received[0]?.length ?? 0).toBeGreaterThan(0);
      controller.abort(reason);
      expect(await failureOf(sent)).toBe(reason);
      await expect.poll(() => isClosed(proxy)).toBe(true);
      await transport.close();
    });

    test("an abort of one way through a proxy leaves the others alone", async () => {
      await using proxy = await startProxy({ portOf: () => 1, answer: "" });
      const transport = open(by(`http://127.0.0.1:${proxy.port}`));
      const controllers = [new AbortController(), new AbortController()];
      const sent = controllers.map(({ signal }) =>
        failureOf(transport.send(get("https://s3.example.test", { signal }), new Recording())),
      );
      await expect.poll(() => proxy.requests.length).toBe(2);
      controllers[0]?.abort(reason);
      await expect.poll(() => proxy.open).toBe(1);
      controllers[1]?.abort(reason);
      await expect.poll(() => proxy.open).toBe(0);
      expect(await Promise.all(sent)).toEqual([reason, reason]);
      await transport.close();
    });

    test("closing it closes what an abort left in the handshake with an origin", async () => {
      await using origin = await silent();
      const transport = open({});
      const controller = new AbortController();
      const to = origin.origin.replace("http:", "https:");
      const sent = transport.send(get(to, { signal: controller.signal }), new Recording());
      await expect.poll(() => origin.received[0]?.length ?? 0).toBeGreaterThan(0);
      controller.abort(reason);
      expect(await failureOf(sent)).toBe(reason);
      await transport.close();
      await expect.poll(() => isClosed(origin)).toBe(true);
    });
  },
);
