import { Session } from "node:inspector";
import { expect, onTestFinished, test, vi } from "vitest";
import { CodeReader } from "./code-reader.ts";
import { ScriptUrls } from "./script-urls.ts";

function scripts(loaded: Record<string, string>) {
  const asked: string[][] = [];
  const urls = new ScriptUrls();
  const urlOf = (scriptId: string) =>
    urls.of(scriptId, (told) => {
      asked.push(Object.keys(loaded));
      for (const [each, url] of Object.entries(loaded)) told(each, url);
    });
  return { urlOf, asked };
}

test("the engine is asked once for all that is loaded, and again for what was loaded since", () => {
  const loaded: Record<string, string> = { 1: "file:///a.js", 2: "" };
  const { urlOf, asked } = scripts(loaded);
  expect([urlOf("1"), urlOf("2"), urlOf("1")]).toEqual(["file:///a.js", "", "file:///a.js"]);
  expect(asked).toEqual([["1", "2"]]);
  loaded[3] = "file:///b.js";
  expect([urlOf("3"), urlOf("1"), urlOf("3")]).toEqual(["file:///b.js", "file:///a.js", "file:///b.js"]);
  expect(asked).toEqual([
    ["1", "2"],
    ["1", "2", "3"],
  ]);
});

test("what the engine does not tell has no address, and is not asked for each time", () => {
  const { urlOf, asked } = scripts({});
  expect([urlOf("1"), urlOf("1")]).toEqual(["", ""]);
  expect(asked).toHaveLength(1);
});

test("a script that is loaded after code was read is known by its own address", async () => {
  const seen: string[] = [];
  const reader = await CodeReader.open({ packageOf: (url) => void seen.push(url) as undefined });
  const read = (fn: Function) => reader.read(fn, { name: "total" });
  read(() => 1);
  const url = `data:text/javascript,export const late = () => 1; // ${Math.random()}`;
  const { late } = (await import(url)) as { late: () => number };
  read(late);
  expect(seen.at(-1)).toBe(url);
});

test("stores of results that come and go do not enable a debugger each time", async () => {
  const post = vi.spyOn(Session.prototype, "post");
  onTestFinished(() => post.mockRestore());
  const same = () => 1;
  const open = () => CodeReader.open({ packageOf: () => undefined });
  for (const reader of [await open(), await open(), await open()]) reader.read(same, { name: "total" });
  const asked: readonly string[] = post.mock.calls.map(([method]) => method);
  expect(asked).toContain("Runtime.getProperties");
  expect(asked.filter((method) => method === "Debugger.enable").length).toBeLessThanOrEqual(1);
});
