import { describe, expect, test } from "vitest";
import { EntrepotError } from "../../error/index.ts";
import { openMemoryStore } from "../../store/index.ts";
import type { Place } from "../context.ts";
import { targetWithin } from "./apart.ts";

/** A disk of folders and links: what a path leads to. */
const disk = (folders: readonly string[], links: Readonly<Record<string, string>> = {}) => ({
  async realPath(path: string): Promise<string> {
    const linked = Object.keys(links).find((link) => path === link || path.startsWith(`${link}/`));
    const real = linked === undefined ? path : `${links[linked]}${path.slice(linked.length)}`;
    if (real === "/" || folders.includes(real)) return real;
    throw new EntrepotError("not-found", path);
  },
});

const place = (scheme: "file" | "memory", key: string): Place => ({
  location: scheme === "file" ? { scheme, path: `/${key}` } : ({ scheme, key } as Place["location"]),
  uri: `${scheme}:///${key}`,
  store: openMemoryStore({ uri: `${scheme}:///` }),
  cached: undefined,
  bucket: undefined,
  key,
  versionId: undefined,
});

describe.each(["file", "memory"] as const)("two folders of one %s", (scheme) => {
  const folders = ["/a", "/a/b", "/ab"];
  const within = (from: string, to: string) => targetWithin(disk(folders), place(scheme, from), place(scheme, to));

  test("are two trees where neither holds the other", async () => {
    expect(await within("a/", "ab/")).toBeUndefined();
    expect(await within("ab/", "a/")).toBeUndefined();
    expect(await within("a/", "new/deep/")).toBeUndefined();
  });
  test.each([
    ["a/", "a/", /both source and target/],
    ["a/b/", "a/", /lies in the target/],
    ["a/", "", /lies in the target/],
  ])("are refused where the source is or lies in the target: %j to %j", async (from, to, message) => {
    await expect(within(from, to)).rejects.toMatchObject({ code: "invalid-address", message });
  });
  test.each([
    ["a/", "a/b/", "b/"],
    ["a/", "a/new/deep/", "new/deep/"],
    ["", "ab/", "ab/"],
  ])("leave the target out where it lies in the source: %j to %j", async (from, to, expected) => {
    expect(await within(from, to)).toBe(expected);
  });
});

test("links deceive nobody", async () => {
  const folders = ["/data", "/data/sub"];
  const linked = disk(folders, { "/link": "/data", "/into": "/data/sub" });
  const ways = (from: string, to: string) => targetWithin(linked, place("file", from), place("file", to));
  await expect(ways("data/", "link/")).rejects.toMatchObject({ code: "invalid-address" });
  await expect(ways("into/", "data/")).rejects.toMatchObject({ code: "invalid-address" });
  expect(await ways("data/", "into/new/")).toBe("sub/new/");
});
