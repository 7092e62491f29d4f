/** The operations that this server offers, most particular first. */
import type { Operation } from "./operation.ts";
import { getBucketLocation, headBucket } from "./operations/bucket-information.ts";
import { copyObject } from "./operations/copy-object.ts";
import { createBucket } from "./operations/create-bucket.ts";
import { deleteBucket } from "./operations/delete-bucket.ts";
import { deleteObject } from "./operations/delete-object.ts";
import { deleteObjects } from "./operations/delete-objects.ts";
import { getObject, headObject } from "./operations/get-object.ts";
import { listBuckets } from "./operations/list-buckets.ts";
import { listObjectsV1, listObjectsV2 } from "./operations/list-objects.ts";
import { putObject } from "./operations/put-object.ts";

export interface Route {
  readonly method: string;
  /** Names that the query must hold; other sub-resources are refused. */
  readonly query?: readonly string[] | undefined;
  /** A header that the request must bear. */
  readonly header?: string | undefined;
  readonly operation: Operation;
}

export const accountRoutes: readonly Route[] = [{ method: "GET", operation: listBuckets }];

export const bucketRoutes: readonly Route[] = [
  { method: "GET", query: ["location"], operation: getBucketLocation },
  { method: "GET", query: ["list-type"], operation: listObjectsV2 },
  { method: "GET", operation: listObjectsV1 },
  { method: "HEAD", operation: headBucket },
  { method: "PUT", operation: createBucket },
  { method: "DELETE", operation: deleteBucket },
  { method: "POST", query: ["delete"], operation: deleteObjects },
];

export const objectRoutes: readonly Route[] = [
  { method: "GET", query: ["partNumber"], operation: getObject },
  { method: "GET", operation: getObject },
  { method: "HEAD", query: ["partNumber"], operation: headObject },
  { method: "HEAD", operation: headObject },
  { method: "PUT", header: "x-amz-copy-source", operation: copyObject },
  { method: "PUT", operation: putObject },
  { method: "DELETE", operation: deleteObject },
];
