import { describe, expect, test } from "vitest";
import { checkFault } from "./check-fault.ts";

const status = { status: 500 };

describe("a fault that could do nothing is refused, with what was probably meant", () => {
  test.each<[unknown, string]>([
    [{ metod: "GET", effect: status }, 'it has no option "metod": did you mean method?'],
    [{ method: "GET", effect: { cutAfterByte: 2 } }, 'has no option "cutAfterByte": did you mean cutAfterBytes?'],
    [{ method: "get", effect: status }, 'method of it cannot be "get": did you mean "GET"?'],
    [{ method: "PATCH", effect: status }, 'method of it cannot be "PATCH": one of GET, PUT, HEAD, POST, DELETE'],
    [{ method: "GET" }, "it has no effect"],
    [{ effect: "boom" }, 'effect of it is an object, not "boom"'],
    [{ effect: "silent" }, "did you mean { silent: … }?"],
    [{ effect: null }, "effect of it is an object, not null"],
    [{ effect: {} }, "effect of it is empty"],
    [{ effect: { code: "SlowDown" } }, "has code without a status"],
    [{ statusCode: 503 }, 'it has no option "statusCode": did you mean effect: { status: … }?'],
    [{ effect: { statusCode: 503 } }, "did you mean status?"],
    [{ cutAfterBytes: 3 }, "did you mean effect: { cutAfterBytes: … }?"],
    [{ status: 503, effect: status }, 'no option "status"'],
    [{ operation: "ListObjectV2", effect: status }, 'did you mean "ListObjectsV2"?'],
    [{ operation: "getobject", effect: status }, 'did you mean "GetObject"?'],
    [{ operation: "Frobnicate", effect: status }, 'operation of it cannot be "Frobnicate": one of ListBuckets'],
    [{ method: "GET", operation: "PutObject", effect: status }, "PutObject is a PUT, never a GET"],
    [{ effect: { status: 500, cutAfterBytes: 2 } }, "one thing, not status and cutAfterBytes: inject two faults"],
    [{ effect: { cutAfterBytes: 2, code: "SlowDown" } }, "code goes with status"],
    [{ effect: { status: 500, cutAfterBytes: undefined } }, "one thing"],
    [{ effect: { cutAfterBytes: undefined } }, "cutAfterBytes of it is a whole number of bytes"],
    [{ effect: { cutAfterBytes: -1 } }, "whole number of bytes from 0 up, not -1"],
    [{ effect: { cutAfterBytes: "2" } }, 'not "2"'],
    [{ effect: { corruptByteAt: 1.5 } }, "not 1.5"],
    [{ effect: { status: 42 } }, "status from 200 to 599"],
    [{ effect: { status: 503, retryAfterSeconds: -1 } }, "retryAfterSeconds"],
    [{ effect: { status: 503, code: "" } }, "code of it"],
    [{ effect: { silent: false } }, "silent of it is true, not false"],
    [{ effect: { replaceWith: "text" } }, "Buffer.from"],
    [{ effect: { contentRange: "a\r\nb: c" } }, "contentRange"],
    [{ method: "HEAD", effect: { cutAfterBytes: 1 } }, "HEAD has no body"],
    [{ operation: "HeadObject", effect: { truncateBody: 1 } }, "HEAD has no body"],
    [{ method: "GET", effect: { resetUploadAfterBytes: 1 } }, "did you mean resetAfterBytes?"],
    [{ key: "a", effect: status }, 'regular expression, e.g. /^data\\//, not "a"'],
    [{ after: -1, effect: status }, "after of it is a whole number from 0 up, not -1"],
    [{ after: Number.NaN, effect: status }, "after"],
    [{ times: 0, effect: status }, "times of it is a whole number from 1 up"],
    [{ times: -2, effect: status }, "times"],
    ["GET", 'it is an object, not "GET"'],
    [undefined, "it is an object, not undefined"],
  ])("%j", (fault, message) => {
    expect(() => checkFault("it", fault)).toThrow(TypeError);
    expect(() => checkFault("it", fault)).toThrow(message);
  });
});

test.each<unknown>([
  { effect: status },
  { method: undefined, operation: undefined, key: /x/, after: 0, times: Number.POSITIVE_INFINITY, effect: status },
  { method: "PUT", operation: "UploadPart", effect: { resetUploadAfterBytes: 0 } },
  { effect: { status: 503, code: "SlowDown", retryAfterSeconds: undefined } },
  { effect: { replaceWith: Buffer.from("x") } },
])("a fault that can do something is let through: %j", (fault) => {
  expect(() => checkFault("it", fault)).not.toThrow();
});
