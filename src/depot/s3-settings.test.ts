import { expect, test } from "vitest";
import { bucketOptions } from "./s3-settings.ts";
import { readSettings } from "./settings.ts";

const settings = readSettings(
  {
    profile: "own",
    buckets: {
      "noaa-*": { anonymous: true },
      "noaa-private": { profile: "p" },
      "*-archive-*": { requesterPays: true },
    },
  },
  { env: {}, homeFolder: undefined, workingFolder: "/w", readText: () => undefined },
);

test.each([
  ["mine", { profile: "own" }],
  ["noaa-goes16", { anonymous: true }],
  ["noaa-private", { profile: "p" }],
  ["x-archive-1", { profile: "own", requesterPays: true }],
  ["x-archive", { profile: "own" }],
])("the bucket %s is read with %j", (bucket, options) => {
  expect(bucketOptions(settings, bucket)).toMatchObject(options);
});
