import { afterAll, describe, expect, test } from "vitest";
import { entrepot } from "./entrepot.ts";

const data = entrepot({ roots: { m: "memory:///" }, location: "m", cache: false, env: {}, envFile: false });
afterAll(() => data.close());

describe("options are closed at run time", () => {
  test("a misspelt dryRun removes nothing", async () => {
    await data.writeText("dir/a", "x");
    const misspelt = { recursive: true, dryrun: true } as { recursive: true };
    await expect(data.remove("dir/", misspelt)).rejects.toThrow(
      'remove() has no option "dryrun": did you mean dryRun?',
    );
    expect(await data.exists("dir/a")).toBe(true);
  });

  test.each([
    ["readLines", () => data.readLines("x", { limt: 1 } as never)],
    ["readCsv", () => data.readCsv("x", { header: true } as never)],
    ["writeText", () => data.writeText("x", "y", { ifNonMatch: "*" } as never)],
    ["localCopy", () => data.localCopy("x", () => 1, { cashe: "use" } as never)],
    ["localCopy", () => data.localCopy("x", { cashe: "use" } as never)],
    ["stat", () => data.stat("x", 5 as never)],
  ])("%s rejects with a TypeError", async (verb, call) => {
    await expect(call()).rejects.toThrow(TypeError);
    await expect(call()).rejects.toThrow(verb);
  });

  test.each([
    [{ profil: "x" }, "profile"],
    [{ cache: { maxage: "1h" } }, "maxAge"],
    [{ cache: "no" }, "cache"],
    [{ retries: { attemps: 1 } }, "attempts"],
    [{ buckets: { b: { anonymus: true } } }, "anonymous"],
    ["s3://b", "object"],
  ])("entrepot(%j) is a TypeError", (options, meant) => {
    expect(() => entrepot(options as never)).toThrow(TypeError);
    expect(() => entrepot(options as never)).toThrow(meant);
  });

  test("with() refuses what only entrepot() has", () => {
    expect(() => data.with({ roots: {} } as never)).toThrow(/with\(\) has no option "roots": did you mean root\?/);
  });

  test("a listing throws at once, before anybody iterates", () => {
    expect(() => data.list("x", { recursive: true } as never)).toThrow(TypeError);
  });

  test("every verb has its table, and takes an empty object", async () => {
    for (const [name, verb] of Object.entries(data)) {
      if (typeof verb !== "function" || ["with", "resolve", "close", "dataset"].includes(name)) continue;
      const misspelt = { noSuchOption: 1 } as never;
      const call = verb as (...given: unknown[]) => unknown;
      const outcome = await Promise.resolve()
        .then(() => (call.length > 2 ? call("x", "y", misspelt) : call("x", misspelt, misspelt)))
        .catch((error: unknown) => error);
      expect(outcome, name).toBeInstanceOf(TypeError);
    }
  });
});
