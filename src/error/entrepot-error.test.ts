import { inspect } from "node:util";
import { describe, expect, expectTypeOf, test, vi } from "vitest";
import { hostile } from "../../tests/hostile-inputs.ts";
import {
  EntrepotError,
  type ErrorCode,
  errorAdvice,
  errorMeanings,
  isEntrepotError,
  isRetryableCode,
} from "./index.ts";

const codes = Object.keys(errorMeanings) as ErrorCode[];

describe("the list of codes", () => {
  test("is closed: 29 causes, in this order", () => {
    expect(codes.join(" ")).toBe(
      "invalid-address not-found already-exists not-empty forbidden unauthenticated misconfigured unreachable not-cached timeout " +
        "throttled server-error protocol precondition-failed changed invalid-range truncated integrity malformed limit-exceeded " +
        "no-space read-only io busy unsafe-key unrepresentable-name archived unsupported missing-peer",
    );
    // @ts-expect-error not a code
    expect(errorMeanings["not-fond"]).toBeUndefined();
  });

  test("gives each a meaning of its own, as a clause", () => {
    for (const code of codes) expect(errorMeanings[code]).toMatch(/^[a-z].{10,}[^.]$/);
    expect(new Set(Object.values(errorMeanings)).size).toBe(codes.length);
  });

  test("says which failures may pass by themselves", () => {
    expect(codes.filter(isRetryableCode)).toEqual([
      "unreachable",
      "timeout",
      "throttled",
      "server-error",
      "truncated",
      "busy",
    ]);
  });
});

describe("an error", () => {
  test("is an Error with a code, an address, a hint and a cause", () => {
    const cause = new Error("ENOENT");
    const error = new EntrepotError("not-found", "there is no such object", {
      uri: "s3://b/k",
      hint: "list s3://b/",
      cause,
    });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: "EntrepotError",
      code: "not-found",
      message: "there is no such object",
      uri: "s3://b/k",
      hint: "list s3://b/",
      retryable: false,
      failures: [],
    });
    expect(error.cause).toBe(cause);
    expect("cause" in new EntrepotError("io", "x")).toBe(false);
    expect(new EntrepotError("truncated", "x").retryable).toBe(true);
    expect(new EntrepotError("truncated", "x", { retryable: false }).retryable).toBe(false);
  });

  test("is plain data as JSON: failures, but no stack and no cause", () => {
    const one = new EntrepotError("forbidden", "no", { uri: "s3://b/1", cause: new Error("hidden") });
    const all = new EntrepotError("forbidden", "2 of 3 objects failed", { failures: [one] });
    expect(JSON.parse(JSON.stringify(all))).toEqual({
      name: "EntrepotError",
      code: "forbidden",
      message: "2 of 3 objects failed",
      uri: null,
      hint: errorAdvice.forbidden,
      retryable: false,
      failures: [
        {
          name: "EntrepotError",
          code: "forbidden",
          message: "no",
          uri: "s3://b/1",
          hint: errorAdvice.forbidden,
          retryable: false,
        },
      ],
    });
    expect(JSON.stringify(all)).not.toContain("hidden");
  });

  test("has a way out whatever made it, and shows the line that called", () => {
    const error = deep(30);
    expect(error.hint).toBe(errorAdvice["not-found"]);
    expect(error.stack).toContain("entrepot-error.test.ts");
    expect(error.stack?.split("\n").length).toBeGreaterThan(30);
    expect(new Error("x").stack?.split("\n").length).toBeLessThan(30);
  });

  test("shows control characters instead of sending them to a terminal", () => {
    const error = new EntrepotError("not-found", "no \u001b[31mred\u202e\r\n\tkey", { hint: "\u0007" });
    expect(error.message).toBe("no \\u001b[31mred\\u202e\\u000d\n\tkey");
    expect(error.hint).toBe("\\u0007");
  });
});

describe("no secret is printed", () => {
  const told = hostile.secret_canaries
    .slice(3, 6)
    .concat([
      hostile.secret_canaries[0] ?? "",
      `secretAccessKey=${hostile.secret_canaries[1]}`,
      `session_token=${hostile.secret_canaries[2]}`,
      `SSECustomerKey: ${hostile.secret_canaries[6]}`,
    ]);
  const canaries = [
    "AKIAC",
    "SecretCanary",
    "SessionTokenCanary",
    "canary0004",
    "canary0005",
    "pwcanary6",
    "SSECanary",
  ];
  const shown = (error: unknown) => inspect(error, { depth: 10 }) + JSON.stringify(error) + String(error);

  test("of the message, the hint, the address, the failures or the stack", () => {
    const text = told.join(" and ");
    for (const canary of canaries) expect(text).toContain(canary);
    const one = new EntrepotError("unauthenticated", text, { hint: text, uri: `https://h/k?${text}` });
    const error = new EntrepotError("unauthenticated", text, { failures: [one], cause: one });
    for (const canary of canaries) expect(shown(error)).not.toContain(canary);
  });

  test.each<[string, (secret: string) => unknown]>([
    ["an error", (secret) => new TypeError(`bad ${secret}`)],
    ["an error below it", (secret) => new Error("outer", { cause: new Error(secret) })],
    [
      "a field of an error",
      (secret) => Object.assign(new Error("x"), { headers: { authorization: secret, all: secret } }),
    ],
    ["text", (secret) => secret],
    ["an object", (secret) => ({ config: { all: secret } })],
  ])("of a cause that is %s", (_, make) => {
    for (const [index, secret] of told.entries()) {
      const error = new EntrepotError("unreachable", "x", { cause: make(secret) });
      for (const canary of canaries) expect(shown(error), `canary ${index}`).not.toContain(canary);
    }
  });

  test("and a replaced cause still says what it was", () => {
    const cause = Object.assign(new TypeError("connect to mysql://u:pw@h/db failed"), { code: "ECONNREFUSED" });
    const { cause: kept } = new EntrepotError("unreachable", "x", { cause });
    expect(kept).toMatchObject({
      name: "TypeError",
      message: "connect to mysql://REDACTED@h/db failed",
      code: "ECONNREFUSED",
    });
    expect(cause.message).toContain("u:pw");
  });

  test("a chain of causes that bites its tail is no trap", () => {
    const cause = new Error("password=x");
    cause.cause = cause;
    expect(shown(new EntrepotError("io", "x", { cause }).message)).toBe("'x'\"x\"x");
  });
});

describe("isEntrepotError", () => {
  test("narrows to the codes that it is asked for", () => {
    const error: unknown = new EntrepotError("not-found", "x");
    expect(isEntrepotError(error)).toBe(true);
    expect(isEntrepotError(error, "forbidden", "not-found")).toBe(true);
    expect(isEntrepotError(error, "forbidden")).toBe(false);
    if (isEntrepotError(error, "not-found", "forbidden"))
      expectTypeOf(error.code).toEqualTypeOf<"not-found" | "forbidden">();
    if (isEntrepotError(error)) expectTypeOf(error.code).toEqualTypeOf<ErrorCode>();
    // @ts-expect-error not a code
    isEntrepotError(error, "not-fond");
  });

  test.each([
    undefined,
    null,
    "not-found",
    { name: "EntrepotError", code: "not-found" },
    new Error("x"),
    Object.assign(new Error("x"), { code: "not-found" }),
  ])("is false for %s", (value) => expect(isEntrepotError(value)).toBe(false));

  test("knows the errors of another copy of the package", async () => {
    vi.resetModules();
    const other = await import("./entrepot-error.ts");
    expect(other.EntrepotError).not.toBe(EntrepotError);
    expect(isEntrepotError(new other.EntrepotError("busy", "x"), "busy")).toBe(true);
  });
});

function deep(levels: number): EntrepotError {
  return levels === 0 ? new EntrepotError("not-found", "gone") : deep(levels - 1);
}

test("a code that there is none of is a TypeError that names those that there are", () => {
  expect(() => new EntrepotError("nope" as never, "x")).toThrow(
    /^"nope" is no code of an EntrepotError: it has invalid-address, /,
  );
  expect(() => new EntrepotError("toString" as never, "x")).toThrow(TypeError);
});

test.each(["s3://b/secret", "s3://b/year=2024/secret=1/part.csv", "file:///x/password", "s3://b/password=x: y"])(
  "an address is shown as it is, whatever its key is called: %s",
  (uri) => {
    const error = new EntrepotError("not-found", `GET ${uri}: the server answered 404`, { uri });
    expect(error.uri).toBe(uri);
    expect(error.message).toBe(`GET ${uri}: the server answered 404`);
  },
);

test.each([
  ["https://h/p?sig=canary0004", "https://h/p?REDACTED"],
  ["s3://key:pwcanary6@b/x", "s3://REDACTED@b/x"],
])("but what an address may hold besides a key is not: %s", (uri, shown) => {
  const error = new EntrepotError("not-found", `GET ${uri}: secret=canary0009`, { uri });
  expect(error.uri).toBe(shown);
  expect(error.message).toBe(`GET ${shown}: secret=REDACTED`);
});

test.each(["is it http:// or https://? Look at it", 'It prints {"SecretAccessKey": …}, and a token'])(
  "a hint that speaks of secrets holds none: %s",
  (hint) => {
    expect(new EntrepotError("io", "x", { hint }).hint).toBe(hint);
  },
);
