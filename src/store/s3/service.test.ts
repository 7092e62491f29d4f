import { afterAll, describe, expect, test } from "vitest";
import { openTransport } from "../../net/index.ts";
import { startS3Server, storeContract } from "../../testing/index.ts";
import { openS3Service } from "./index.ts";

/** Half a surrogate pair has no UTF-8. */
function cannotHold(key: string): string | undefined {
  return /\p{Surrogate}/u.test(key) ? "not Unicode" : undefined;
}

describe.each(["many", "few"] as const)(
  "a bucket keeps the contract, over the transport for %s requests",
  async (workload) => {
    const server = await startS3Server({ buckets: ["contract"] });
    const transport = openTransport({ workload });
    const service = openS3Service({ ...server.options, transport });
    afterAll(async () => {
      await transport.close();
      await server.close();
    });
    const traits = { keepsMetadata: true, cannotHold };
    const open = async () => ({ store: service.bucket("contract"), close: async () => {} });
    for (const { name, run } of storeContract({ open, traits })) test(name, run);
    test("the server found nothing wrong with itself", () => expect(server.internalErrors).toEqual([]));
  },
);
