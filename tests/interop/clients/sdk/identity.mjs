// Who may: wrong, unknown, absent and old signatures are refused, with the code that says why.
import { check, server } from "../verdict.mjs";
import { absent, client, freshBucket, put, refused, send } from "./client.mjs";

const bucket = await freshBucket();
await put(bucket, "mine", "x");
const get = (/** @type {import("@aws-sdk/client-s3").S3Client} */ by) =>
  send("GetObject", { Bucket: bucket, Key: "mine" }, by);
const plant = (/** @type {import("@aws-sdk/client-s3").S3Client} */ by) =>
  send("PutObject", { Bucket: bucket, Key: "planted", Body: "x" }, by);
const thief = client({ credentials: { accessKeyId: server.accessKeyId, secretAccessKey: "not-the-secret" } });

await check("auth.wrong-secret", async () => {
  await refused(403, ["SignatureDoesNotMatch"], get(thief));
  await refused(403, ["SignatureDoesNotMatch"], send("ListObjectsV2", { Bucket: bucket }, thief));
});

await check("auth.wrong-secret-put", async () => {
  await refused(403, ["SignatureDoesNotMatch"], plant(thief));
  await absent(bucket, "planted");
});

await check("auth.unknown-key", () =>
  refused(
    403,
    ["InvalidAccessKeyId"],
    get(client({ credentials: { accessKeyId: "AKIANOBODYATALL", secretAccessKey: "x" } })),
  ),
);

await check("auth.anonymous", async () => {
  const nobody = client({ signer: { sign: async (request) => request } });
  await refused(403, ["AccessDenied"], get(nobody));
  await refused(403, ["AccessDenied"], plant(nobody));
  await absent(bucket, "planted");
});

await check("auth.clock-skew", async () => {
  for (const hours of [-2, 2])
    await refused(403, ["RequestTimeTooSkewed"], get(client({ systemClockOffset: hours * 3_600_000 })));
});
