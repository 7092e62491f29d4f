import { expect, test } from "vitest";
import type { Disk } from "../../disk/index.ts";
import { fileRanges } from "./range-source.ts";

function diskOf(read: () => Promise<number>, closeFile = async () => undefined) {
  const closed: string[] = [];
  const file = {
    stat: { sizeBytes: 10 },
    read,
    close: async () => {
      closed.push("file");
      await closeFile();
    },
  };
  const disk = { openRead: async () => file } as unknown as Disk;
  const close = async () => void closed.push("copy");
  return { closed, open: () => fileRanges(disk, "/x", "file:///x", close) };
}

test("a file whose end cannot be read is closed, and its copy given back", async () => {
  const { closed, open } = diskOf(async () => 3);
  await expect(open()).rejects.toMatchObject({ code: "changed" });
  expect(closed).toEqual(["file", "copy"]);
});

test("a copy is given back when its file cannot be closed", async () => {
  const { closed, open } = diskOf(
    async () => 10,
    () => Promise.reject(new Error("no")),
  );
  const ranges = await open();
  await expect(ranges.close()).rejects.toThrow("no");
  expect(closed).toEqual(["file", "copy"]);
});
