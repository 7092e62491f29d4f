import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRunStoreAt } from "./open-run-store.ts";
import type { RunStore } from "./run-store.ts";

let dir: string;
let store: RunStore;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "entrepot-closed-"));
  store = await openRunStoreAt({ dir });
}, 60_000);
afterAll(async () => {
  await store.close();
  await rm(dir, { recursive: true, force: true });
});

test.each([
  ["runs.create", () => store.runs.create({ model: "m", baselinefirst: true } as never), /baselineFirst/],
  ["runs.start", () => store.runs.start("r", { servise: "batch" } as never), /service/],
  ["tasks.ready", () => store.tasks.ready({ models: [], limits: 3 } as never), /limit/],
  ["watch", () => store.watch("r", { folow: false } as never).next(), /follow/],
  ["tasks.end", () => store.tasks.end("t", { state: "failed", error: "x", mayRety: false } as never), /mayRetry/],
  ["tasks.end", () => store.tasks.end("t", { state: "done", output: [] } as never), /outputs/],
  ["tasks.end", () => store.tasks.end("t", { state: "faild", error: "x" } as never), /"faild"/],
  ["tasks.end", () => store.tasks.end("t", undefined as never), /undefined/],
] as const)("%s refuses what it does not know, with what was meant", async (_, ask, meant) => {
  await expect(ask()).rejects.toThrow(meant);
  await expect(ask()).rejects.toThrow(TypeError);
});
