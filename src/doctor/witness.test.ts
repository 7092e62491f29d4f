import { expect, test } from "vitest";
import type { Transport } from "../net/index.ts";
import { openWitness } from "./witness.ts";

const answering: Transport = {
  async send(_, sink) {
    sink.head(200, { date: "x" });
    await sink.data(new Uint8Array(1));
  },
  close: async () => undefined,
};

test("a witness keeps answers without queries and signatures", async () => {
  const times = [1_000, 3_000];
  const { watch, seen } = openWitness(() => times.shift() ?? 0);
  const authorization = "AWS4-HMAC-SHA256 Credential=canary/20261122/eu-west-1/s3/aws4_request, Signature=canary";
  await watch(answering).send(
    { method: "GET", origin: "https://h", path: "/b/k?X-Amz-Signature=canary", headers: { authorization } },
    { head: () => undefined, data: () => undefined },
  );
  expect(seen).toEqual([
    {
      method: "GET",
      origin: "https://h",
      path: "/b/k",
      status: 200,
      region: "eu-west-1",
      atMs: 2_000,
      headers: { date: "x" },
    },
  ]);
});
