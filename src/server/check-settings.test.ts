import { describe, expect, test } from "vitest";
import { bucketNameMistake } from "./bucket-name.ts";
import { checkSettings } from "./check-settings.ts";

const known = new Set("port host dir region domains anonymous strictRegion now buckets credentials log".split(" "));
const check = (settings: unknown) => () => checkSettings("start()", settings as object, known);
const pair = { accessKeyId: "me", secretAccessKey: "CANARY" };

describe("settings that make no sense are refused", () => {
  test.each<[unknown, string]>([
    [{ bucket: ["a"] }, 'start() has no option "bucket": did you mean buckets?'],
    [null, "the options of start() are an object, not null"],
    [{ port: 99_999 }, "port of start() is a whole number from 0 (any free one) to 65535, not 99999"],
    [{ port: -1 }, "not -1"],
    [{ port: 1.5 }, "not 1.5"],
    [{ port: "9000" }, 'not "9000"'],
    [{ dir: "" }, "dir of start()"],
    [{ region: "us east" }, "region of start()"],
    [{ domains: "localhost" }, "domains of start() is an array"],
    [{ anonymous: "yes" }, "anonymous of start() is true or false"],
    [{ strictRegion: 1 }, "strictRegion"],
    [{ now: 5 }, "now of start() is a function, not 5"],
    [{ buckets: "b" }, 'buckets of start() is an array of names, not "b"'],
    [{ buckets: ["ok", "A_b"] }, 'buckets of start(): "A_b" cannot be the name of a bucket: lower-case letters'],
    [{ buckets: [5] }, "5 is no name"],
    [{ credentials: "me" }, "credentials of start() are an object"],
    [{ credentials: { ...pair, secret: "CANARY" } }, 'no option "secret": did you mean secretAccessKey?'],
    [{ credentials: { accessKeyId: "me" } }, "secretAccessKey in credentials of start()"],
    [{ credentials: { ...pair, accessKeyId: "" } }, "accessKeyId in credentials"],
    [{ credentials: { ...pair, accessKeyId: "a b" } }, "accessKeyId in credentials"],
    [{ credentials: { ...pair, secretAccessKey: "CANARY\n" } }, "secretAccessKey in credentials"],
    [{ credentials: { ...pair, sessionToken: "" } }, "sessionToken in credentials"],
  ])("%j", (settings, message) => {
    expect(check(settings)).toThrow(TypeError);
    expect(check(settings)).toThrow(message);
    expect(check(settings)).not.toThrow("CANARY");
  });
});

test("settings that make sense are let through, undefined like none", () => {
  expect(check({})).not.toThrow();
  expect(check({ port: undefined, buckets: undefined, credentials: undefined })).not.toThrow();
  expect(check({ port: 65_535, dir: "./x", buckets: ["b", "a.b-c"], credentials: pair })).not.toThrow();
});

test.each(["", "A", "a_b", "a..b", "-a", "a.", "a/b", "..", "a".repeat(64), "é"])("%j is no bucket's name", (name) => {
  expect(bucketNameMistake(name)).toContain("cannot be the name of a bucket");
});
