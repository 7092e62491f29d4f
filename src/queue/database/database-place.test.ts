import { expect, test } from "vitest";
import { databasePlace } from "./database-place.ts";

test.each([
  ["postgresql://somebody:pw@host/runs", { url: "postgresql://somebody:pw@host/runs" }],
  ["postgres://host/runs", { url: "postgres://host/runs" }],
  ["file:///srv/my%20runs", { dir: "/srv/my runs" }],
  ["runs", { dir: "runs" }],
  ["/srv/a@b:c", { dir: "/srv/a@b:c" }],
  ["./mysql:x", { dir: "./mysql:x" }],
  ["C:\\runs", { dir: "C:\\runs" }],
])("%s is a place", (text, place) => expect(databasePlace(text)).toEqual(place));

test.each([
  "mysql://a/b",
  "http://host/runs",
  "s3://bucket/runs",
  "postgresql:somebody:hunter2@host/runs",
  "somebody:hunter2@host:5432/runs",
  "some.body:hunt/er2@host/runs",
  "somebody@host:5432/runs",
  "file://host/runs",
])("%s is no folder of that name, and what may be a password is not repeated", (text) => {
  const refused = expect(() => databasePlace(text));
  refused.toThrow(expect.objectContaining({ code: "misconfigured" }));
  refused.not.toThrow(/hunt|er2/);
});
