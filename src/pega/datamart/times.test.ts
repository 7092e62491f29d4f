import { describe, expect, test } from "vitest";
import { formatPegaTime, parsePegaTime } from "./times.ts";

const iso = (text: string) => {
  const time = parsePegaTime(text);
  return time === undefined ? undefined : new Date(time.ms).toISOString();
};

describe("a timestamp of Pega", () => {
  test.each([
    ["20210601T082326.789 GMT", "2021-06-01T08:23:26.789Z"],
    ["20210601T082326.07 GMT", "2021-06-01T08:23:26.070Z"],
    ["20210601T082326.7 GMT", "2021-06-01T08:23:26.700Z"],
    ["20210601T082326.789999", "2021-06-01T08:23:26.789Z"],
    ["20210601T082326_GMT", "2021-06-01T08:23:26.000Z"],
    ["20210601T082326.000 GMT+0230", "2021-06-01T05:53:26.000Z"],
    ["20210601", "2021-06-01T00:00:00.000Z"],
    ["2021-06-01 08:23:26", "2021-06-01T08:23:26.000Z"],
    ["2021-06-01T08:23:26.5-01:00", "2021-06-01T09:23:26.500Z"],
    ["01JUN2021:08:23:26", "2021-06-01T08:23:26.000Z"],
    ["06/01/2021 12:05 AM", "2021-06-01T00:05:00.000Z"],
    ["06/01/2021 12:05 PM", "2021-06-01T12:05:00.000Z"],
    ["01-Jun-21", "2021-06-01T00:00:00.000Z"],
    ["01/Jun/69", "1969-06-01T00:00:00.000Z"],
    [" 29-Feb-20 ", "2020-02-29T00:00:00.000Z"],
  ])("%s is %s", (text, time) => expect(iso(text)).toBe(time));

  test.each([
    "",
    "soon",
    "1612120812345",
    "1612120812",
    "161212081",
    "20210231T000000.000 GMT",
    "20210601T250000.000 GMT",
    "06/01/2021 13:05 PM",
    "01-Foo-21",
  ])("%j is none", (text) => expect(parsePegaTime(text)).toBeUndefined());

  test("of a zone that nobody knows the offset of is taken for GMT, and says so", () => {
    expect(parsePegaTime("20210601T082326.789 CET")).toEqual({ ms: Date.UTC(2021, 5, 1, 8, 23, 26, 789), zone: "CET" });
  });

  test("that was written is read as the same instant", () => {
    for (const ms of [0, 1, 999, 1_622_535_806_789]) expect(parsePegaTime(formatPegaTime(ms))?.ms).toBe(ms);
    expect(() => formatPegaTime(1e15)).toThrow(RangeError);
  });
});
