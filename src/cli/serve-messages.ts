/** What `entrepot serve` says: where it listens and what to type next, then a line for each request. */
import type { RecordedRequest, ServedS3Server } from "../server/index.ts";
import { printable } from "./escape.ts";
import type { Message } from "./message.ts";
import type { ServeSettings } from "./serve-settings.ts";

/** Where it listens, and what to type next. The secret is the one of this command line, or the default one: nobody's. */
export function startMessage(server: ServedS3Server, settings: ServeSettings): Message {
  const { caFile, port } = server;
  const { accessKeyId, secretAccessKey, dir, domains } = settings;
  const buckets = server.storage.buckets().map(({ name }) => name);
  // An address for all addresses is none to connect to.
  const endpoint = server.endpoint.replace(/\/\/(?:0\.0\.0\.0|\[::\]):/, "//127.0.0.1:");
  const env = {
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    // The AWS SDKs guess no region, whatever the endpoint.
    AWS_REGION: settings.region ?? "us-east-1",
    ...(caFile === undefined ? {} : { AWS_CA_BUNDLE: caFile, NODE_EXTRA_CA_CERTS: caFile }),
  };
  const [first] = buckets;
  const more = (domains ?? []).filter((name) => name !== "localhost");
  return {
    text: () =>
      [
        `listening on ${server.endpoint}, ${dir === undefined ? "in memory" : `in ${printable(dir)}`}; Ctrl-C ends it`,
        "in another terminal:",
        ...Object.entries(env).map(([name, value]) => `  export ${name}=${shellWord(value)}`),
        ...(first === undefined ? [] : [`  entrepot ls s3://${first}/`]),
        ...more.map((name) => `a bucket is also http${settings.tls ? "s" : ""}://BUCKET.${name}:${port}`),
        `buckets: ${first === undefined ? "none yet" : buckets.join(", ")}; to make one: entrepot mb s3://NAME, or start with --bucket NAME`,
      ].join("\n"),
    json: () => ({ type: "listening", endpoint, dir: dir ?? null, caFile: caFile ?? null, buckets, env }),
  };
}

/** One request, when it has been answered. */
export function requestMessage(request: RecordedRequest): Message {
  const { method, bucket, key, operation, status, errorCode, range, bytesIn, bytesOut, startedMs } = request;
  return {
    text: () => {
      const error = errorCode === undefined ? "" : ` ${errorCode}`;
      const what = operation ?? method;
      return `${new Date(startedMs).toISOString()} ${status}${error} ${what} /${printable(`${bucket}/${key}`)} ${bytesIn} in ${bytesOut} out`;
    },
    json: () => ({
      type: "request",
      method,
      operation: operation ?? null,
      bucket,
      key,
      status,
      errorCode: errorCode ?? null,
      range: range ?? null,
      bytesIn,
      bytesOut,
      startedMs,
    }),
  };
}

/** How many lines there would have been here, had somebody read them. */
export function missedMessage(requests: number): Message {
  return {
    text: () => `${requests} requests are missing here: nobody read these lines in time`,
    json: () => ({ type: "requests-missed", requests }),
  };
}

/** One word for a POSIX shell, whatever is in it. */
function shellWord(value: string): string {
  return /^[\w.:/+=@%-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
