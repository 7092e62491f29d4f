/** The operations that this server offers, most particular first. */
import type { Operation } from "./operation.ts";
import { abortMultipartUpload } from "./operations/abort-multipart-upload.ts";
import { getBucketAcl, getObjectAcl, putBucketAcl, putObjectAcl } from "./operations/access-control-list.ts";
import { bucketDefaults } from "./operations/bucket-defaults.ts";
import { getBucketLocation, headBucket } from "./operations/bucket-information.ts";
import {
  deleteBucketPolicy,
  getBucketPolicy,
  getBucketPolicyStatus,
  putBucketPolicy,
} from "./operations/bucket-policy.ts";
import { deleteBucketTagging, getBucketTagging, putBucketTagging } from "./operations/bucket-tagging.ts";
import { getBucketVersioning, putBucketVersioning } from "./operations/bucket-versioning.ts";
import { completeMultipartUpload } from "./operations/complete-multipart-upload.ts";
import { copyObject } from "./operations/copy-object.ts";
import { createBucket } from "./operations/create-bucket.ts";
import { createMultipartUpload } from "./operations/create-multipart-upload.ts";
import { deleteBucket } from "./operations/delete-bucket.ts";
import { deleteObject } from "./operations/delete-object.ts";
import { deleteObjects } from "./operations/delete-objects.ts";
import { getObject, headObject } from "./operations/get-object.ts";
import { getObjectAttributes } from "./operations/get-object-attributes.ts";
import { listBuckets } from "./operations/list-buckets.ts";
import { listMultipartUploads } from "./operations/list-multipart-uploads.ts";
import { listObjectVersions } from "./operations/list-object-versions.ts";
import { listObjectsV1, listObjectsV2 } from "./operations/list-objects.ts";
import { listParts } from "./operations/list-parts.ts";
import { getObjectLegalHold, getObjectRetention } from "./operations/object-lock-state.ts";
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from "./operations/object-tagging.ts";
import { getBucketOwnershipControls, putBucketOwnershipControls } from "./operations/ownership-controls.ts";
import { postObject } from "./operations/post-object.ts";
import {
  deletePublicAccessBlock,
  getPublicAccessBlock,
  putPublicAccessBlock,
} from "./operations/public-access-block.ts";
import { putObject } from "./operations/put-object.ts";
import { uploadPart, uploadPartCopy } from "./operations/upload-part.ts";

export interface Route {
  readonly method: string;
  /** Names that the query must hold, one of them perhaps with a value; other sub-resources are refused. */
  readonly query?: readonly string[] | undefined;
  /** A header that the request must bear. */
  readonly header?: string | undefined;
  readonly operation: Operation;
}

export const accountRoutes: readonly Route[] = [{ method: "GET", operation: listBuckets }];

export const bucketRoutes: readonly Route[] = [
  { method: "GET", query: ["location"], operation: getBucketLocation },
  { method: "GET", query: ["uploads"], operation: listMultipartUploads },
  { method: "GET", query: ["versioning"], operation: getBucketVersioning },
  { method: "GET", query: ["versions"], operation: listObjectVersions },
  ...offered("policy", { GET: getBucketPolicy, PUT: putBucketPolicy, DELETE: deleteBucketPolicy }),
  ...offered("policyStatus", { GET: getBucketPolicyStatus }),
  ...offered("publicAccessBlock", {
    GET: getPublicAccessBlock,
    PUT: putPublicAccessBlock,
    DELETE: deletePublicAccessBlock,
  }),
  ...offered("tagging", { GET: getBucketTagging, PUT: putBucketTagging, DELETE: deleteBucketTagging }),
  ...offered("acl", { GET: getBucketAcl, PUT: putBucketAcl }),
  ...offered("ownershipControls", { GET: getBucketOwnershipControls, PUT: putBucketOwnershipControls }),
  ...bucketDefaults.flatMap((one) => offered(one.subResource, { GET: one.get, DELETE: one.delete })),
  { method: "GET", query: ["list-type=2"], operation: listObjectsV2 },
  { method: "GET", operation: listObjectsV1 },
  { method: "HEAD", operation: headBucket },
  { method: "PUT", query: ["versioning"], operation: putBucketVersioning },
  { method: "PUT", operation: createBucket },
  { method: "DELETE", operation: deleteBucket },
  { method: "POST", query: ["delete"], operation: deleteObjects },
];

export const objectRoutes: readonly Route[] = [
  { method: "GET", query: ["attributes"], operation: getObjectAttributes },
  { method: "GET", query: ["tagging"], operation: getObjectTagging },
  ...offered("acl", { GET: getObjectAcl, PUT: putObjectAcl }),
  ...offered("retention", { GET: getObjectRetention }),
  ...offered("legal-hold", { GET: getObjectLegalHold }),
  { method: "GET", query: ["uploadId"], operation: listParts },
  { method: "GET", query: ["partNumber"], operation: getObject },
  { method: "GET", operation: getObject },
  { method: "HEAD", query: ["partNumber"], operation: headObject },
  { method: "HEAD", operation: headObject },
  { method: "PUT", query: ["tagging"], operation: putObjectTagging },
  { method: "PUT", query: ["uploadId", "partNumber"], header: "x-amz-copy-source", operation: uploadPartCopy },
  { method: "PUT", query: ["uploadId", "partNumber"], operation: uploadPart },
  { method: "PUT", header: "x-amz-copy-source", operation: copyObject },
  { method: "PUT", operation: putObject },
  { method: "POST", query: ["uploads"], operation: createMultipartUpload },
  { method: "POST", query: ["uploadId"], operation: completeMultipartUpload },
  { method: "DELETE", query: ["tagging"], operation: deleteObjectTagging },
  { method: "DELETE", query: ["uploadId"], operation: abortMultipartUpload },
  { method: "DELETE", operation: deleteObject },
];

/** What a browser's form asks for; told by more than method and query. */
export const formRoutes: readonly Route[] = [{ method: "POST", operation: postObject }];

/** What a sub-resource does by each method. */
function offered(subResource: string, methods: Readonly<Record<string, Operation | undefined>>): readonly Route[] {
  return Object.entries(methods).flatMap(([method, operation]) =>
    operation === undefined ? [] : [{ method, query: [subResource], operation }],
  );
}
