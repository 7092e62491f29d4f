/** Redirects as S3 answers them: a Location, an Endpoint in the document, the region in a header. */
import { describeErrorCode, S3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";

export interface Redirect {
  /** Default 307; S3 uses 307 while a new bucket's name spreads, 301 for another region. */
  readonly status?: 301 | 302 | 307 | 308 | undefined;
  /** Where to: `http://HOST:PORT`, to which the path is added. Default: the same address again; a 301 has no Location then, like S3's. */
  readonly to?: string | undefined;
  /** What `x-amz-bucket-region` says. Default: no such header. */
  readonly region?: string | undefined;
}

/** `url` is that of the request line. https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html */
export function redirection({ status = 307, to, region }: Redirect, request: IncomingRequest, url: string): S3Error {
  const endpoint = to === undefined ? (request.header("host") ?? "") : new URL(to).host;
  const origin = to === undefined ? `http://${endpoint}` : new URL(to).origin;
  const temporary = status === 307 || status === 302;
  const code = temporary ? "TemporaryRedirect" : "PermanentRedirect";
  return new S3Error(code, status, describeErrorCode(code).message, {
    details: { Endpoint: endpoint, Bucket: request.target.bucket },
    headers: {
      // A 301 of S3's own has no Location, only the Endpoint: https://github.com/aristidb/aws/issues/160
      ...(status === 301 && to === undefined ? {} : { location: `${origin}${url}` }),
      ...(region === undefined ? {} : { "x-amz-bucket-region": region }),
    },
  });
}
