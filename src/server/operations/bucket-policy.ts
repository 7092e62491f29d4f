/** PutBucketPolicy, GetBucketPolicy, GetBucketPolicyStatus and DeleteBucketPolicy. */
import { emptyAnswer, xmlAnswer } from "../answer.ts";
import { receiveText } from "../body/payload.ts";
import { s3Error } from "../errors.ts";
import type { Operation } from "../operation.ts";
import { isPublic } from "../policy/is-public.ts";
import { parsePolicy } from "../policy/parse-policy.ts";
import { document, textElement } from "../xml/xml-writer.ts";

/** White space counts here, and does not where the policy itself is measured. */
const maxDocumentBytes = 1024 * 1024;

export const putBucketPolicy: Operation = {
  name: "PutBucketPolicy",
  async run({ request, caller, storage, bucket, account }) {
    storage.bucket(bucket);
    const text = await receiveText(request, caller, maxDocumentBytes);
    const policy = parsePolicy(text, bucket, (name) => account.isUser(name));
    await storage.reviseBucket(bucket, (record) => {
      if (record.publicAccessBlock?.blockPublicPolicy === true && isPublic(policy)) {
        throw s3Error("AccessDenied", {
          message: `User: ${account.arnOf(caller)} is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::${bucket}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
        });
      }
      return { ...record, policy: text };
    });
    return emptyAnswer(204);
  },
};

export const getBucketPolicy: Operation = {
  name: "GetBucketPolicy",
  async run({ storage, bucket }) {
    const { policy } = storage.bucket(bucket);
    if (policy === undefined) throw s3Error("NoSuchBucketPolicy", { details: { BucketName: bucket } });
    return { status: 200, headers: { "content-type": "application/json" }, body: policy };
  },
};

export const getBucketPolicyStatus: Operation = {
  name: "GetBucketPolicyStatus",
  async run({ storage, bucket }) {
    const { policy } = storage.bucket(bucket);
    if (policy === undefined) throw s3Error("NoSuchBucketPolicy", { details: { BucketName: bucket } });
    const answer = isPublic(parsePolicy(policy, bucket, () => true));
    return xmlAnswer(document("PolicyStatus", textElement("IsPublic", answer)));
  },
};

export const deleteBucketPolicy: Operation = {
  name: "DeleteBucketPolicy",
  async run({ storage, bucket }) {
    await storage.reviseBucket(bucket, ({ policy: _, ...rest }) => rest);
    return emptyAnswer(204);
  },
};
