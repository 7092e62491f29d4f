/** What could not be removed from the cache is a failure, not a number. */
import { expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import type { Context } from "../context.ts";
import { removal } from "./removal.ts";

test("a removal of which a part failed is an error that names the file, and tells its listener which object stays", async () => {
  const context = { now: () => 0, settings: {} } as unknown as Context;
  const told: unknown[] = [];
  const error = new EntrepotError("forbidden", "Cannot remove /c/x.json: permission denied (EACCES)");
  const removing = removal(context, { onFile: (file) => told.push(file) }, async ({ onStuck }) => {
    onStuck?.({ uri: "s3://b/k", sizeBytes: 3, error });
    return { objects: 0, sizeBytes: 0 };
  });
  await expect(removing).rejects.toMatchObject({
    code: "forbidden",
    message: expect.stringContaining("/c/x.json: permission denied"),
    failures: [error],
  });
  expect(told).toMatchObject([{ uri: "s3://b/k", status: "failed", error }]);
});
