import { expect, test } from "vitest";
import { dayAt, microsAt } from "./iso-times.ts";

const day = (text: string) => dayAt(Buffer.from(`..${text}`), 2);
const micros = (text: string) => microsAt(Buffer.from(`..${text}`), 2, 2 + Buffer.byteLength(text));

test("every day of four centuries is the number of days that it is", () => {
  const days = Array.from({ length: 146_097 }, (_, index) => index - 100_000);
  expect(days.filter((number) => day(new Date(number * 86_400_000).toISOString().slice(0, 10)) !== number)).toEqual([]);
});

test.each([
  "2020-02-30",
  "2021-02-29",
  "1900-02-29",
  "2020-13-01",
  "2020-00-01",
  "2020-01-00",
  "2020/01/01",
  "2020-1-011",
])("%s is no day", (text) => {
  expect(day(text)).toBeNaN();
});

test.each([
  ["1970-01-01T00:00:00", 0],
  ["1969-12-31 23:59:59.999999", -1],
  ["2020-01-02T03:04:05.6", Date.UTC(2020, 0, 2, 3, 4, 5) * 1000 + 600_000],
  ["2020-01-02T03:04:05.000001", Date.UTC(2020, 0, 2, 3, 4, 5) * 1000 + 1],
])("%s is a time", (text, number) => {
  expect(micros(text)).toBe(number);
});

test.each([
  "2020-01-02",
  "2020-01-02T24:00:00",
  "2020-01-02T03:60:00",
  "2020-01-02T03:04:60",
  "2020-01-02T03:04:05.",
  "2020-01-02T03:04:05Z",
  "2020-01-02T03:04:05.1234567",
  "2020-01-02T03:04:05.12x",
  "2020-02-30T03:04:05",
  "2020-01-02x03:04:05",
])("%s is no time that is read here", (text) => {
  expect(micros(text)).toBeNaN();
});
