/**
 * Metadata in the query of a presigned URL, where signers put it so that whoever uses the URL need not know of it: S3 stores it
 * (github.com/aws/aws-sdk-js-v3/issues/4694, github.com/aws/aws-sdk-ruby/issues/1808). Of tags it is known that S3 does not
 * (github.com/aws/aws-sdk-go-v2/pull/1017), of checksums accounts differ: those stay where they are.
 */
import { requireHeaderName, requireHeaderValue } from "../request/header-text.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { withMoreHeaders } from "../request/rewrite-request.ts";

const start = "x-amz-meta-";

/** The request with that metadata among its headers; those that it bears itself win. Error: InvalidArgument. */
export function withHoistedMetadata(request: IncomingRequest): IncomingRequest {
  const hoisted = new Map<string, string>();
  for (const [name, value] of request.target.query.pairs) {
    const header = name.toLowerCase();
    // Like the bytes of a header that came over the wire.
    if (!header.startsWith(start)) continue;
    requireHeaderName(name, header);
    requireHeaderValue(name, value);
    hoisted.set(header, Buffer.from(value).toString("latin1"));
  }
  return withMoreHeaders(request, hoisted);
}
