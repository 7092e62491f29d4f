import { expect, test } from "vitest";
import type { FileRecord } from "../store/index.ts";
import { keptFiles } from "./kept-files.ts";

const mebibyte = 1024 ** 2;

function record(name: string, policyId: string | undefined, sizeBytes = 3): FileRecord {
  return { runId: "r", policyId, name, type: "text", isText: true, sizeBytes, sha256: "", changedMs: 0 };
}

/** A store that counts what it is asked. */
function counting(records: readonly FileRecord[]) {
  const asked: string[] = [];
  const away = { isAway: false };
  const answer = async <T>(question: string, value: T): Promise<T> => {
    asked.push(question);
    if (away.isAway) throw new Error("away");
    return value;
  };
  return {
    ...{ asked, away },
    list: () => answer("list", records),
    read: (_: string, policyId: string | undefined, name: string) =>
      answer(`${policyId ?? "all"} ${name}`, new TextEncoder().encode(`${policyId} ${name}`)),
  };
}

test("files are listed once for a run, and each policy is given its own before those of all", async () => {
  const store = counting([record("a", undefined), record("a", "p1"), record("b", "p2"), record("c", undefined)]);
  const files = keptFiles(store, "r");
  const given = async (policyId: string) =>
    (await files.list("r", policyId)).map((file) => `${file.policyId ?? "all"} ${file.name}`);
  expect(await given("p1")).toEqual(["p1 a", "all c"]);
  expect(await given("p2")).toEqual(["all a", "p2 b", "all c"]);
  expect(store.asked).toEqual(["list"]);
});

test("a small file of all is read once, also by two at a time; that of one policy, and what is large, each time", async () => {
  const store = counting([record("a", undefined), record("a", "p1"), record("large", undefined, mebibyte)]);
  const files = keptFiles(store, "r");
  const [one, two] = await Promise.all([files.read("r", undefined, "a"), files.read("r", undefined, "a")]);
  expect(one).toBe(two);
  expect(new TextDecoder().decode(await files.read("r", "p1", "a"))).toBe("p1 a");
  for (const name of ["large", "large", "a"]) await files.read("r", undefined, name);
  expect(store.asked).toEqual(["list", "all a", "p1 a", "all large", "all large"]);
});

test("what failed is asked again", async () => {
  const store = counting([record("a", undefined)]);
  const files = keptFiles(store, "r");
  store.away.isAway = true;
  await expect(files.list("r", "p")).rejects.toThrow("away");
  store.away.isAway = false;
  await files.list("r", "p");
  store.away.isAway = true;
  await expect(files.read("r", undefined, "a")).rejects.toThrow("away");
  store.away.isAway = false;
  expect((await files.read("r", undefined, "a")).byteLength).toBeGreaterThan(0);
});
