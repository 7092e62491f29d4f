import { expect, test } from "vitest";
import { mailSafe } from "./mail-safe.ts";

// As recorded from S3: localstack's tests/aws/services/s3/test_s3.py, TestS3PresignedPost, metadata in Unicode.
test.each([
  ["plain, with a tab\t", "plain, with a tab\t"],
  ["ÄMÄZÕÑ S3", "=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?="],
  ["\u0000\u0001\u0002\u0003\u0004", "=?UTF-8?B?AAECAwQ=?="],
  ["=?UTF-8?Q?x?=", "=?UTF-8?Q?x?="],
])("%j is kept as %j", (text, kept) => {
  expect(mailSafe(text)).toBe(kept);
});
