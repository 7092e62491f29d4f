import { expect, test } from "vitest";
import { EntrepotError } from "../../../error/index.ts";
import { errorOf, failureData } from "./failure-data.ts";

const travelled = (error: unknown): Error => errorOf(JSON.parse(JSON.stringify(failureData(error))));

test("an error of ours comes back with all that it says, its causes included", () => {
  const system = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED", errno: -111 });
  const error = new EntrepotError("unreachable", "no connection", {
    ...{ hint: "start it", uri: "s3://bucket/key", retryable: false, serverCode: "Down", cause: system },
    failures: [new EntrepotError("not-found", "one of them")],
  });
  const back = travelled(error) as EntrepotError;
  expect(back).toBeInstanceOf(EntrepotError);
  expect(back.toJSON()).toEqual(error.toJSON());
  expect(back.serverCode).toBe("Down");
  expect(back.stack).toBe(error.stack);
  expect(back.cause).toMatchObject({ message: "connect ECONNREFUSED", code: "ECONNREFUSED", errno: -111 });
});

test("an error of the language keeps its class, of others their name and their plain properties", () => {
  const range = new RangeError("too large", { cause: new TypeError("inner", { cause: "in words" }) });
  const back = travelled(range);
  expect(back).toBeInstanceOf(RangeError);
  expect(back.cause).toBeInstanceOf(TypeError);
  expect((back.cause as Error).cause).toBe("in words");
  class HttpError extends Error {
    override readonly name = "HttpError";
    readonly status = 503;
    readonly body = new Uint8Array(3);
  }
  const other = travelled(new HttpError("busy"));
  expect(other).toMatchObject({ name: "HttpError", message: "busy", status: 503 });
  expect(other).not.toHaveProperty("body");
  const several = travelled(new AggregateError([new RangeError("a"), new Error("b")], "both"));
  expect(several).toBeInstanceOf(AggregateError);
  expect((several as AggregateError).errors.map(String)).toEqual(["RangeError: a", "Error: b"]);
});

test("causes without end, and what is no error, come back as far as words go", () => {
  const loop: Error & { cause?: unknown } = new Error("loop");
  loop.cause = loop;
  expect(travelled(loop).message).toBe("loop");
  expect(travelled("just words").message).toBe("just words");
});
