import { expect, test } from "vitest";
import { loadEcharts } from "./echarts.ts";

test("without the package a picture is missing-peer, and says what to install", async () => {
  await expect(loadEcharts(() => Promise.reject(new Error("no such package")))).rejects.toMatchObject({
    code: "missing-peer",
    hint: expect.stringMatching(/^npm install echarts@\d/),
  });
});
