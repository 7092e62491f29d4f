import { buildConnector, Client, Pool } from "undici";
import { expect, test } from "vitest";
import { loadUndici } from "./load-undici.ts";

test("what is loaded of undici is what undici exports", async () => {
  expect(await loadUndici()).toEqual({ Pool, Client, buildConnector });
});
