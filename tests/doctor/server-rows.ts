/** What the server answers: no, not you, not there, not now, or something that no S3 server says. */
import type { Row } from "./row.ts";
import { canaries, keys, type Scripted, type Stage } from "./stage.ts";

const refusal = (status: number, code: string, message = "", more = ""): Scripted => ({
  status,
  headers: { "content-type": "application/xml", "x-amz-request-id": "R1" },
  body: `<Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`,
});
const at = async (stage: Stage, answer: Parameters<Stage["answering"]>[0]) => ({
  AWS_ENDPOINT_URL_S3: await stage.answering(answer),
});
const always = (answer: Scripted) => (stage: Stage) => at(stage, () => answer);
const isList = (url = "") => url.includes("list-type");
const object: Scripted = {
  status: 206,
  headers: {
    etag: '"a"',
    "content-length": "1",
    "content-range": "bytes 0-0/1",
    "last-modified": "Tue, 02 Jan 2024 03:04:05 GMT",
  },
  body: "x",
};
const head: Scripted = {
  status: 200,
  headers: { etag: '"a"', "content-length": "1", "last-modified": "Tue, 02 Jan 2024 03:04:05 GMT" },
};
const listing: Scripted = {
  status: 200,
  headers: { "content-type": "application/xml" },
  body: "<ListBucketResult><Name>b</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>",
};
const page: Scripted = {
  status: 404,
  headers: { "content-type": "text/html", server: "nginx" },
  body: "<html>no</html>",
};

export const serverRows: readonly Row[] = [
  {
    name: "a session that has ended",
    env: { AWS_SESSION_TOKEN: canaries.sessionToken },
    prepare: always(refusal(400, "ExpiredToken", "The provided token has expired.")),
    finds: "GET",
    code: "unauthenticated",
    hint: /session has ended: sign in again \(aws sso login\)/,
  },
  {
    name: "a session token of another key",
    env: { AWS_SESSION_TOKEN: canaries.sessionToken },
    prepare: always(refusal(400, "InvalidToken", `The token ${canaries.sessionToken} is malformed`)),
    finds: "GET",
    code: "unauthenticated",
    hint: /unset AWS_SESSION_TOKEN/,
  },
  {
    name: "a key that the server does not know",
    env: { AWS_ACCESS_KEY_ID: "STRANGER" },
    finds: "GET",
    code: "unauthenticated",
    value: /InvalidAccessKeyId/,
    hint: /does not know this access key/,
  },
  {
    name: "a secret of another key",
    env: { AWS_SECRET_ACCESS_KEY: `${keys.secretAccessKey}x` },
    finds: "GET",
    code: "unauthenticated",
    value: /SignatureDoesNotMatch/,
    hint: /secret does not belong to this access key/,
  },
  {
    name: "a clock twenty minutes off",
    prepare: async (stage) => {
      const { endpoint } = await stage.serve({ now: () => Date.now() + 20 * 60_000 });
      return { AWS_ENDPOINT_URL_S3: endpoint };
    },
    finds: "clock",
    value: /^20 min behind the server's/,
    hint: /timedatectl set-ntp true; entrepot signs with the server's time/,
  },
  {
    name: "a clock that no correction helps",
    prepare: always(refusal(403, "RequestTimeTooSkewed", "The difference is too large.")),
    finds: "GET",
    code: "unauthenticated",
    hint: /clock is wrong: set it \(timedatectl set-ntp true\)/,
  },
  {
    name: "another region than the endpoint's own",
    env: { AWS_REGION: "us-west-2" },
    prepare: async (stage) => {
      const { endpoint } = await stage.serve({ region: "eu-central-1", strictRegion: true });
      return { AWS_ENDPOINT_URL_S3: endpoint };
    },
    finds: "bucket.region",
    value: /^eu-central-1, and not us-west-2/,
    hint: /add --region eu-central-1/,
  },
  {
    name: "a bucket in another region",
    prepare: always({
      ...refusal(301, "PermanentRedirect", "elsewhere"),
      headers: { "x-amz-bucket-region": "ap-south-1", "x-amz-request-id": "R" },
    }),
    finds: "GET",
    code: "misconfigured",
    hint: /in the region ap-south-1: add --region ap-south-1/,
  },
  {
    name: "a server that sends elsewhere",
    prepare: always({ status: 302, headers: { location: "https://elsewhere.example/", "x-amz-request-id": "R" } }),
    finds: "GET",
    code: "misconfigured",
    hint: /Check endpoint, region and addressing/,
  },
  {
    name: "a bucket that is not there",
    address: "s3://no-such-bucket/k.txt",
    finds: "GET",
    code: "not-found",
    value: /NoSuchBucket/,
    hint: /entrepot ls s3:\/\/ lists the buckets/,
  },
  {
    name: "a name that is nearly there",
    prepare: async (stage) => {
      const { endpoint } = await stage.serve({ anonymous: true });
      await fetch(`${endpoint}/b/K.txt`, { method: "PUT", body: "x" });
      return { AWS_ENDPOINT_URL_S3: endpoint };
    },
    finds: "access",
    hint: /did you mean s3:\/\/b\/K\.txt\?/,
  },
  {
    name: "a name that is not there",
    finds: "HEAD",
    code: "not-found",
    hint: /keys are case-sensitive/,
  },
  {
    name: "neither reading nor listing",
    prepare: always(refusal(403, "AccessDenied", "Access Denied")),
    finds: "access",
    code: "forbidden",
    hint: /s3:GetObject on arn:aws:s3:::b\/k\.txt.*s3:ListBucket.*--requester-pays/,
  },
  {
    name: "listing without reading",
    prepare: (stage) =>
      at(stage, ({ url, headers }) =>
        isList(url) && headers.authorization ? listing : refusal(403, "AccessDenied", "Access Denied"),
      ),
    finds: "access",
    code: "forbidden",
    value: /may list the folder/,
    hint: /ask for s3:GetObject on arn:aws:s3:::b\/k\.txt/,
  },
  {
    name: "reading without listing",
    prepare: (stage) =>
      at(stage, ({ url, method }) =>
        isList(url) ? refusal(403, "AccessDenied", "Access Denied") : method === "HEAD" ? head : object,
      ),
    finds: "LIST",
    hint: /reading works; listing needs s3:ListBucket on arn:aws:s3:::b$/,
  },
  {
    name: "an identity where the public may read",
    prepare: (stage) =>
      at(stage, ({ method, headers }) =>
        headers.authorization ? refusal(403, "AccessDenied", "Access Denied") : method === "HEAD" ? head : object,
      ),
    finds: "access",
    hint: /add --anonymous/,
  },
  {
    name: "nobody, where an identity is wanted",
    args: ["--anonymous"],
    finds: "GET",
    code: "forbidden",
    hint: /It is not public.*use a profile or credentials/,
  },
  {
    name: "a key of KMS that is another's",
    prepare: always(refusal(403, "AccessDenied", "User is not authorized to perform: kms:Decrypt on this resource")),
    finds: "GET",
    code: "forbidden",
    hint: /it needs kms:Decrypt/,
  },
  {
    name: "a customer's key that was not given",
    prepare: always(
      refusal(
        400,
        "InvalidRequest",
        "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.",
      ),
    ),
    finds: "GET",
    code: "misconfigured",
    hint: /encrypted with a customer's key/,
  },
  {
    name: "an object in an archive",
    prepare: (stage) =>
      at(stage, ({ url, method }) =>
        isList(url)
          ? listing
          : method === "HEAD"
            ? { ...head, headers: { ...head.headers, "x-amz-storage-class": "GLACIER" } }
            : refusal(403, "InvalidObjectState", "The operation is not valid for the object's storage class"),
      ),
    finds: "GET",
    code: "archived",
    hint: /aws s3api restore-object --bucket b --key k\.txt/,
  },
  {
    name: "an archive that is being restored",
    prepare: (stage) =>
      at(stage, ({ url, method }) =>
        isList(url)
          ? listing
          : method === "HEAD"
            ? { ...head, headers: { ...head.headers, "x-amz-restore": 'ongoing-request="true"' } }
            : refusal(403, "InvalidObjectState", "not yet"),
      ),
    finds: "restore",
    value: /under way/,
    hint: /try again in some hours/,
  },
  {
    name: "a server that is asked too much",
    prepare: always(refusal(503, "SlowDown", "Please reduce your request rate.")),
    finds: "GET",
    code: "throttled",
    hint: /concurrency|later/,
  },
  {
    name: "a server that fails",
    prepare: always(refusal(500, "InternalError", "We encountered an internal error.")),
    finds: "GET",
    code: "server-error",
    hint: /operator can find the request/,
  },
  {
    name: "a sign-in page in between",
    prepare: always({ status: 200, headers: { "content-type": "text/html" }, body: "<html>Sign in</html>" }),
    finds: "HEAD",
    code: "protocol",
    hint: /Is this machine signed in to its network/,
  },
  {
    name: "a server that is no S3 server",
    prepare: always(page),
    finds: "server",
    code: "protocol",
    value: /nginx; answered text\/html/,
    hint: /no S3 server: check host and port/,
  },
  {
    name: "an account that is suspended",
    prepare: always(refusal(403, "AccountProblem", "There is a problem with your account")),
    finds: "GET",
    code: "forbidden",
    hint: /its owner must speak to AWS/,
  },
  {
    name: "a bucket of another account than expected",
    args: ["--expected-bucket-owner", "123456789012"],
    prepare: always(refusal(403, "AccessDenied", "Access Denied")),
    finds: "access",
    code: "forbidden",
    hint: /in this order: the bucket is not that of --expected-bucket-owner 123456789012;/,
  },
];
