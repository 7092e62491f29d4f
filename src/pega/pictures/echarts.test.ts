import { expect, test } from "vitest";
import { loadEcharts } from "./echarts.ts";

test("a picture without its package says what to install", async () => {
  const missing = loadEcharts(() => Promise.reject(new Error("no such package")));
  await expect(missing).rejects.toMatchObject({
    code: "missing-peer",
    hint: expect.stringMatching(/^npm install echarts@/),
  });
});
