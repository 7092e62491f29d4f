import { afterAll, describe, expect, test } from "vitest";
import { entrepot } from "./entrepot.ts";
import { openTelemetry } from "./telemetry/open-telemetry.ts";

const base = { env: {}, envFile: false, cache: false } as const;
const data = entrepot(base);
afterAll(() => data.close());

const keys = { accessKeyId: "AKID", secretAccessKey: "a secret that is not shown" };

/** What `entrepot()`, `with()` and a bucket say, without who says it. */
function said(options: object): readonly string[] {
  const calls: readonly [what: string, call: () => unknown][] = [
    ["entrepot()", () => entrepot({ ...base, ...options } as never)],
    ["with()", () => data.with(options as never)],
  ];
  return calls.map(([what, call]) => {
    try {
      call();
      return "nothing";
    } catch (error) {
      const { name, message } = error as Error;
      return `${name}: ${message.replaceAll(what, "WHAT")}`;
    }
  });
}
const twice = (message: string) => [message, message];

describe("a value that an option cannot have", () => {
  test.each<[options: object, message: string]>([
    ...["requesterPays", "anonymous", "allowInsecureEndpoint", "dualStack", "fips"].map((name): [object, string] => [
      { [name]: "true" },
      `TypeError: ${name} of WHAT is true or false, not "true"`,
    ]),
    [{ network: "ofline" }, 'RangeError: network of WHAT is auto, online or offline, not "ofline"'],
    [{ network: false }, "TypeError: network of WHAT is auto, online or offline, not false"],
    [{ addressing: "host" }, 'RangeError: addressing of WHAT is path or virtual, not "host"'],
    [{ redirects: "all" }, 'RangeError: redirects of WHAT is same-host or any, not "all"'],
    [{ concurrency: "8" }, 'TypeError: concurrency of WHAT is a whole number from 1 to 99,999, not "8"'],
    [{ concurrency: 0 }, "RangeError: concurrency of WHAT: 0 is no count from 1 to 99999"],
    [{ retries: 3 }, "TypeError: retries of WHAT is { attempts, budget }, not 3"],
    [{ retries: { attempts: "3" } }, 'TypeError: retries.attempts of WHAT is a whole number from 1, not "3"'],
    [{ retries: { attempts: 0 } }, "RangeError: retries.attempts of WHAT is a whole number from 1, not 0"],
    [{ retries: { attemps: 1 } }, 'TypeError: retries has no option "attemps": did you mean attempts?'],
    [
      { cache: "./kept" },
      'TypeError: cache of WHAT is { dir, mode, maxBytes, maxAge … } or false, not "./kept": a folder is cache: { dir: … }',
    ],
    [{ cache: true }, "TypeError: cache of WHAT is { dir, mode, maxBytes, maxAge … } or false, not true: leave it out"],
    [{ cache: { mode: "660" } }, 'TypeError: cache.mode of WHAT is a number such as 0o660, not "660"'],
    [{ cache: { dir: 5 } }, "TypeError: cache.dir of WHAT is a path or a file: URL, not 5"],
    [{ onEvent: true }, "TypeError: onEvent of WHAT is a function, not true"],
    [{ region: 5 }, "TypeError: region of WHAT is a string that is not empty, not 5"],
    [
      { endpoint: new URL("https://s3.example") },
      "TypeError: endpoint of WHAT is a string that is not empty, not a URL",
    ],
    [{ profile: "" }, 'TypeError: profile of WHAT is a string that is not empty, not ""'],
    [{ memory: {} }, 'TypeError: memory of WHAT is bytes, or text such as "200GB", not an object'],
    [
      { expectedBucketOwner: 123456789012 },
      "TypeError: expectedBucketOwner of WHAT is the 12 digits of an account as a string, not 123456789012",
    ],
    [{ proxy: 8080 }, "TypeError: proxy of WHAT is an address such as http://host:port, or false, not a number"],
  ])("%j", (options, message) => {
    expect(said(options)).toEqual(twice(message));
  });

  test("a duration names its option", () => {
    for (const text of said({ cache: { maxAge: 3600 } }))
      expect(text).toMatch(/^RangeError: cache\.maxAge of WHAT: not a dur/);
  });
});

describe("encryption", () => {
  test.each<[sse: unknown, message: string]>([
    [null, "is a word, { kmsKeyId } or { customerKey }, not null"],
    [["AES256"], "is a word, { kmsKeyId } or { customerKey }, not an array"],
    [{ kmsKeyId: "k", encryptionContext: {} }, 'has no option "encryptionContext": did you mean context?'],
    [{ kmsKeyId: "k", context: { a: 1 } }, ": context.a of sse is a string, not 1"],
    [{ kmsKeyId: "k", bucketKey: "true" }, ': bucketKey of sse is true or false, not "true"'],
    [{ kmsKeyId: "k", customerKey: new Uint8Array(32) }, "has a customerKey, and kmsKeyId of keys of KMS: choose one"],
    [{ customerKey: 5 }, ": customerKey of sse is 32 bytes or their base64, not a number"],
  ])("%j is none", (sse, message) => {
    expect(said({ sse })).toEqual(twice(`TypeError: sse of WHAT${message.startsWith(":") ? "" : " "}${message}`));
  });
});

describe("identities", () => {
  test.each<[credentials: unknown, message: string]>([
    [{ accessKeyId: "AKID" }, "credentials of WHAT has no secretAccessKey"],
    [
      { ...keys, secretAccessKey: "" },
      "credentials.secretAccessKey of WHAT is a string that is not empty, not an empty string",
    ],
    [{ ...keys, sessionToken: null }, "credentials.sessionToken of WHAT is a string that is not empty, not null"],
    [
      { ...keys, expiration: new Date() },
      'credentials has no option "expiration": write expiresMs, milliseconds since 1970',
    ],
    [{ aws_access_key_id: "AKID" }, 'credentials has no option "aws_access_key_id": did you mean accessKeyId?'],
    [{ AccessKeyId: "AKID" }, 'credentials has no option "AccessKeyId": did you mean accessKeyId?'],
    ["AKID:secret", "credentials of WHAT is { accessKeyId, secretAccessKey }, not text"],
    [null, "credentials of WHAT is { accessKeyId, secretAccessKey } or a function that gives them, not null"],
  ])("%j is none, and no key is shown", (credentials, message) => {
    expect(said({ credentials })).toEqual(twice(`TypeError: ${message}`));
  });

  test.each<[options: object, names: string]>([
    [{ anonymous: true, profile: "p" }, "anonymous and profile"],
    [{ anonymous: true, credentials: keys }, "anonymous and credentials"],
    [{ profile: "p", credentials: keys }, "profile and credentials"],
  ])("%# of two is said at once", (options, names) => {
    const exclude = "exclude each other: say who asks by one of them";
    expect(said(options)).toEqual(twice(`TypeError: ${names} of WHAT ${exclude}`));
    expect(() => entrepot({ ...base, buckets: { b: options } } as never)).toThrow(
      `${names} of buckets["b"] ${exclude}`,
    );
  });

  test("one may be unsaid beside another", () => {
    const options = { anonymous: false, profile: undefined, credentials: { ...keys, $source: {}, accountId: "1" } };
    expect(said(options)).toEqual(["nothing", "nothing"]);
  });
});

describe("where things lie", () => {
  test.each<[options: object, message: string]>([
    [{ roots: ["s3://b/"] }, "roots of entrepot() is { name: value }, not an array"],
    [{ roots: { cloud: 5 } }, "roots.cloud of entrepot() is an address, a folder or { read, write }, not 5"],
    [{ roots: { cloud: { read: "s3://b/" } } }, "roots.cloud of entrepot() needs both read and write"],
    [{ roots: { cloud: { reed: "s3://b/" } } }, 'roots.cloud has no option "reed": did you mean read?'],
    [{ buckets: { "s3://b/": {} } }, 'buckets["s3://b/"] is no bucket: give its name alone, without s3:// and /'],
    [{ buckets: { b: { region: 1 } } }, 'region of buckets["b"] is a string that is not empty, not 1'],
    [{ envFile: true }, "envFile of entrepot() is a path or a file: URL, not true"],
    [{ env: "x" }, 'env of entrepot() is { name: value }, not "x"'],
  ])("%j", (options, message) => {
    expect(() => entrepot({ ...base, ...options } as never)).toThrow(
      expect.objectContaining({ name: "TypeError", message }),
    );
  });

  test("with() takes one object", () => {
    expect(() => entrepot(null as never)).toThrow("the options of entrepot() are an object, not null");
    expect(() => data.with([] as never)).toThrow("the options of with() are an object, not an array");
    expect(() => data.with({ signal: 5 } as never)).toThrow("signal of with() is an AbortSignal, not 5");
    expect(() => data.with({ root: { read: "x" } } as never)).toThrow("root of with() needs both read and write");
  });
});

describe("names of other libraries", () => {
  test.each([
    ["accessKeyId", "write credentials: { accessKeyId, secretAccessKey, sessionToken }"],
    ["aws_secret_access_key", "write credentials: { accessKeyId, secretAccessKey, sessionToken }"],
    ["forcePathStyle", 'write addressing: "path"'],
    ["maxRetries", "write retries: { attempts }"],
    ["maxAttempts", "write retries: { attempts }"],
    ["endpoint_url", "did you mean endpoint?"],
    ["region_name", "did you mean region?"],
    ["anon", "write anonymous: true"],
  ])("%s: %s", (name, hint) => {
    expect(said({ [name]: "x" })).toEqual(twice(`TypeError: WHAT has no option "${name}": ${hint}`));
  });
});

describe("openTelemetry()", () => {
  test.each<[options: unknown, message: string]>([
    [undefined, "openTelemetry() takes { tracer, meter }, one of them at least"],
    ["x", "the options of openTelemetry() are an object, not string"],
    [{ tracer: {} }, "tracer of openTelemetry() is an object with startSpan and startActiveSpan, not an object"],
    [{ meter: null }, "meter of openTelemetry() is an object with createHistogram and createCounter, not null"],
    [{ trace: {} }, 'openTelemetry() has no option "trace": did you mean tracer?'],
  ])("with %j", (options, message) => {
    expect(() => openTelemetry(options as never)).toThrow(expect.objectContaining({ name: "TypeError", message }));
  });
});
