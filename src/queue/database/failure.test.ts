import { expect, test } from "vitest";
import { databaseFailure, isConnectionFailure } from "./failure.ts";
import { openDatabase } from "./open-database.ts";

const coded = (code: string, message = "said"): Error => Object.assign(new Error(message), { code });

test.each([
  ["28P01", "unauthenticated"],
  ["28000", "unauthenticated"],
  ["3D000", "misconfigured"],
  ["53300", "busy"],
  ["ECONNREFUSED", "unreachable"],
  ["57P01", "unreachable"],
  ["08006", "unreachable"],
])("what the driver calls %s is %s", (code, expected) => {
  expect(databaseFailure(coded(code), "postgresql://host/db")).toMatchObject({ code: expected });
});

test("what the database says of a statement stays as it is", () => {
  const error = coded("23505");
  expect(databaseFailure(error, "x")).toBe(error);
  expect(isConnectionFailure(error)).toBe(false);
  expect(isConnectionFailure(new Error("Connection terminated unexpectedly"))).toBe(true);
});

test("no server is unreachable, and its password is not in the message", async () => {
  const failed = openDatabase({ url: "postgresql://me:secret@127.0.0.1:1/db", connectMs: 5_000 });
  await expect(failed).rejects.toMatchObject({ code: "unreachable" });
  await expect(failed).rejects.not.toThrow(/secret/);
});

test("what is no place of a database is refused", async () => {
  await expect(openDatabase({ url: "http://host/db" })).rejects.toMatchObject({ code: "misconfigured" });
  await expect(openDatabase({ dir: "" })).rejects.toThrow(TypeError);
  await expect(openDatabase({ url: "postgresql://h/d", dir: "x" } as never)).rejects.toThrow(TypeError);
  await expect(openDatabase({ dir: "x", connections: 0 })).rejects.toThrow(RangeError);
});
