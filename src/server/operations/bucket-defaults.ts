/**
 * What S3 answers about the many things that can be set of a bucket, where nothing is: clients look before they touch
 * anything. Setting them is refused by name; removing what is not there is done.
 */
import { type Answer, emptyAnswer, xmlAnswer } from "../answer.ts";
import { type S3ErrorCode, s3Error } from "../errors.ts";
import type { Call, Operation } from "../operation.ts";
import { document, element, textElement, type Xml } from "../xml/xml-writer.ts";

/** Reading and removing them, by sub-resource. */
export interface BucketDefault {
  readonly subResource: string;
  readonly get?: Operation | undefined;
  readonly delete?: Operation | undefined;
}

const encryption = element(
  "Rule",
  element("ApplyServerSideEncryptionByDefault", textElement("SSEAlgorithm", "AES256")),
  textElement("BucketKeyEnabled", false),
);

export const bucketDefaults: readonly BucketDefault[] = [
  present("accelerate", "GetBucketAccelerateConfiguration", document("AccelerateConfiguration")),
  present("logging", "GetBucketLogging", document("BucketLoggingStatus")),
  present("notification", "GetBucketNotificationConfiguration", document("NotificationConfiguration")),
  present(
    "requestPayment",
    "GetBucketRequestPayment",
    document("RequestPaymentConfiguration", textElement("Payer", "BucketOwner")),
  ),
  {
    ...present("encryption", "GetBucketEncryption", document("ServerSideEncryptionConfiguration", encryption)),
    delete: removal("DeleteBucketEncryption"),
  },
  { ...absent("cors", "GetBucketCors", "NoSuchCORSConfiguration"), delete: removal("DeleteBucketCors") },
  {
    ...absent("lifecycle", "GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration"),
    delete: removal("DeleteBucketLifecycle"),
  },
  { ...absent("website", "GetBucketWebsite", "NoSuchWebsiteConfiguration"), delete: removal("DeleteBucketWebsite") },
  {
    ...absent("replication", "GetBucketReplication", "ReplicationConfigurationNotFoundError"),
    delete: removal("DeleteBucketReplication"),
  },
  absent("object-lock", "GetObjectLockConfiguration", "ObjectLockConfigurationNotFoundError"),
  listed("analytics", "ListBucketAnalyticsConfigurations", "ListBucketAnalyticsConfigurationResult"),
  listed("inventory", "ListBucketInventoryConfigurations", "ListInventoryConfigurationsResult"),
  listed("metrics", "ListBucketMetricsConfigurations", "ListMetricsConfigurationsResult"),
  listed(
    "intelligent-tiering",
    "ListBucketIntelligentTieringConfigurations",
    "ListBucketIntelligentTieringConfigurationsOutput",
  ),
];

function present(subResource: string, name: string, answer: Xml): BucketDefault {
  return { subResource, get: ofBucket(name, () => xmlAnswer(answer)) };
}

function absent(subResource: string, name: string, code: S3ErrorCode): BucketDefault {
  const get = ofBucket(name, ({ bucket }) => {
    throw s3Error(code, { details: { BucketName: bucket } });
  });
  return { subResource, get };
}

/** Of these a bucket has several, each with an `id`. */
function listed(subResource: string, name: string, root: string): BucketDefault {
  const get = ofBucket(name, ({ query }) => {
    if (query.has("id")) throw s3Error("NoSuchConfiguration");
    return xmlAnswer(document(root, textElement("IsTruncated", false)));
  });
  return { subResource, get };
}

function removal(name: string): Operation {
  return ofBucket(name, () => emptyAnswer(204));
}

function ofBucket(name: string, answer: (call: Call) => Answer): Operation {
  return {
    name,
    async run(call) {
      call.storage.bucket(call.bucket);
      return answer(call);
    },
  };
}
