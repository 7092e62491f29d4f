import { expect, test } from "vitest";
import { get, ok, Recording, startRawServer } from "../../tests/raw-server.ts";
import { openTransport } from "./index.ts";

test.each(["many", "few"] as const)(
  "whoever closes a transport for %s requests is told, also when another closes it too",
  async (workload) => {
    let answer: (() => void) | undefined;
    await using server = await startRawServer((socket) => {
      answer = () => void socket.write(ok);
    });
    const transport = openTransport({ workload });
    const sent = transport.send(get(server.origin), new Recording());
    await expect.poll(() => answer).toBeDefined();
    const closed = Promise.all([transport.close(), transport.close()]);
    answer?.();
    await sent;
    await closed;
  },
);
