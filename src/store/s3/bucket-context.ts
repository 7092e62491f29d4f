/** What the operations of a bucket share. */
import type { S3Calls } from "./s3-calls.ts";

/** What every operation of a bucket works with. */
export interface BucketContext extends S3Calls {
  readonly bucket: string;
}
