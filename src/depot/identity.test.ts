import { expect, test } from "vitest";
import { entrepot } from "./index.ts";

const symbol = Symbol.for("entrepot.fingerprint");
const identityOf = (value: unknown): string => JSON.stringify((value as Record<symbol, () => unknown>)[symbol]?.());

test("a depot says what it is: by what decides which objects it means, without secrets", () => {
  const env = {};
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "SECRET" };
  const depot = entrepot({ env, endpoint: "http://127.0.0.1:9", credentials, cache: false });
  expect(identityOf(depot)).toBe(
    identityOf(entrepot({ env, endpoint: "http://127.0.0.1:9", credentials, concurrency: 3 })),
  );
  expect(identityOf(depot)).not.toMatch(/AKID|SECRET/);
  for (const other of [
    entrepot({ env, endpoint: "http://127.0.0.1:8", credentials }),
    depot.with({ anonymous: true }),
    depot.with({ root: "s3://other/" }),
    entrepot({ env, endpoint: "http://127.0.0.1:9", credentials, buckets: { "noaa-*": { anonymous: true } } }),
  ])
    expect(identityOf(other)).not.toBe(identityOf(depot));
  const { readText, writeText } = depot;
  expect(identityOf(readText)).not.toBe(identityOf(writeText));
  expect(Object.getOwnPropertySymbols({ ...depot })).not.toContain(symbol);
});
