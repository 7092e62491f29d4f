import { expect, test } from "vitest";
import { entrepot } from "../index.ts";
import { namedIds } from "./current/named-ids.ts";
import { currentRun, openRunStore, runDatabase, submitJobs, submitterOf } from "./index.ts";
import { watchRun } from "./store/watch.ts";

const data = entrepot({ env: {}, envFile: false });

test.each([
  ["openRunStore()", () => openRunStore(data, { url2: "x" } as never)],
  ["runDatabase()", async () => runDatabase({ dri: "x" } as never)],
  ["submitJobs()", () => submitJobs({} as never, {} as never, "x", { onjob: () => undefined } as never)],
  ["submitterOf()", async () => submitterOf("batch", { data, servise: {} } as never)],
  ["watch()", () => watchRun({} as never, "x", { policyID: "x" } as never).next()],
])("an option that %s does not have is refused", async (name, call) => {
  const failure: unknown = await call().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(TypeError);
  expect(String(failure)).toContain(name);
});

test("options in the place of the depot are not lost", async () => {
  await expect(openRunStore({ dir: "/nowhere" } as never)).rejects.toThrow(
    "The first argument of openRunStore() is a depot",
  );
});

test("a submitter of another name is none", () => {
  expect(() => submitterOf("slurm" as never, { data, service: {} })).toThrow(RangeError);
});

test("an empty id is no missing one", async () => {
  const local = currentRun(data, { argv: [], env: {}, local: { policyId: "" } });
  await expect(local).rejects.toMatchObject({ code: "misconfigured" });
  for (const ids of [{ runId: "" }, { policyId: "" }, { runId: "a", policyId: "" }, { runId: "", policyId: "" }])
    expect(() => namedIds({ argv: [], env: {}, ...ids })).toThrow(expect.objectContaining({ code: "misconfigured" }));
});

test("a URL given as a folder becomes no folder of that name", () => {
  expect(runDatabase({ dir: "file:///data/runs" })).toEqual({ dir: "/data/runs" });
  expect(runDatabase({ dir: "a:b@c" })).toEqual({ dir: "a:b@c" });
  expect(() => runDatabase({ dir: "postgresql://user:secret@host/name" })).toThrow(/^A dir is a folder/);
  expect(() => runDatabase({ dir: "mysql://user:secret@host/name" })).toThrow(
    expect.objectContaining({ code: "misconfigured", message: expect.not.stringContaining("secret") }),
  );
});
