import { expect, test } from "vitest";
import { findPglite, loadPg, loadPgBoss } from "./peers.ts";

const gone = (): never => {
  throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
};

test("a missing package is named, with the command that installs it", async () => {
  await expect(loadPg(async () => gone())).rejects.toMatchObject({
    code: "missing-peer",
    hint: "npm install pg@8.23.1 pg-boss@12.35.0",
  });
  await expect(loadPgBoss(async () => gone())).rejects.toMatchObject({
    code: "missing-peer",
    hint: "npm install pg@8.23.1 pg-boss@12.35.0",
  });
  expect(() => findPglite(gone)).toThrow(
    expect.objectContaining({
      code: "missing-peer",
      hint: "npm install pg@8.23.1 pg-boss@12.35.0 @electric-sql/pglite@0.5.14 @electric-sql/pglite-socket@0.2.17",
    }),
  );
});
