/** The published contract of a store, kept by our client against each store as which the test server can behave. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BucketStore, openS3Service, openTransport } from "../../src/store.ts";
import {
  type PersonalityName,
  personalities,
  type S3Server,
  startS3Server,
  storeContract,
} from "../../src/testing/index.ts";

const unconditional = [
  "ifNoneMatch creates only: what is there stays",
  "ifMatch replaces this version only",
  "ifMatch on a missing object is not-found and creates nothing",
  "of several that create, one wins and its bytes are there",
  "of several that swap, one wins and its bytes are there",
  "conditions hold for large bodies and for those of unknown length",
];

/** Promises that no client can keep there, and how they end: never in silence where the server gives a sign. */
const broken: Readonly<Partial<Record<PersonalityName, Readonly<Record<string, RegExp>>>>> = {
  // No listing shows what lies below an object.
  minio: {
    "keys come in the order of their UTF-8 bytes": /strictly deep-equal/,
    "an object and a folder of one name are two things, or the second is refused": /strictly deep-equal/,
  },
  b2: Object.fromEntries(unconditional.map((name) => [name, /NotImplemented/])),
  gcs: Object.fromEntries(unconditional.map((name) => [name, /took no notice|whatever the condition says/])),
};

function cannotHold(personality: PersonalityName): (key: string) => string | undefined {
  return (key) => {
    if (Buffer.from(key).toString() !== key) return "not UTF-8";
    if (Buffer.byteLength(key) > 1024) return "longer than 1,024 bytes";
    if (personality !== "minio") return undefined;
    return /\/\/|(?:^|\/)\.\.?(?:\/|$)/.test(key) ? "no path" : undefined;
  };
}

describe.each(personalities)("against $title", ({ name: personality }) => {
  let server: S3Server;
  let store: BucketStore;
  const transport = openTransport();
  beforeAll(async () => {
    server = await startS3Server({ personality, buckets: ["bucket"] });
    store = openS3Service({ ...server.options, transport }).bucket("bucket");
  });
  afterAll(async () => {
    await transport.close();
    await server.close();
  });
  const open = async () => ({ store, close: async () => {} });
  const traits = { keepsMetadata: true, cannotHold: cannotHold(personality), listSizes: [0, 1, 1001] };
  const departures = broken[personality] ?? {};
  const cases = storeContract({ open, traits });

  for (const { name, run } of cases) {
    const departure = departures[name];
    if (departure === undefined) test(name, run);
    else test(`cannot be kept: ${name}`, () => expect(run()).rejects.toThrow(departure));
  }

  test("what is said to be broken is promised by the contract", () => {
    const names = new Set(cases.map(({ name }) => name));
    expect(Object.keys(departures).filter((name) => !names.has(name))).toEqual([]);
  });

  test("the server has made no mistake of its own", () => {
    expect(server.internalErrors).toEqual([]);
  });
});
