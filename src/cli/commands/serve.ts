/** `entrepot serve`: the strict S3 server of the room `server/`, on this machine only, until it is stopped. */
import { once } from "node:events";
import type { RecordedRequest, RunningS3Server } from "../../server/index.ts";
import { type Command, defineCommand } from "../command.ts";
import { printable } from "../escape.ts";
import type { Message } from "../message.ts";
import { flag, parsed, text } from "../option.ts";
import { UsageError } from "../usage-error.ts";

export const serve: Command = defineCommand({
  name: "serve",
  summary: "an S3 server of your own on 127.0.0.1",
  synopsis: "[options]",
  operands: { min: 0, max: 0 },
  options: {
    port: parsed("PORT", "default 9000; 0 takes any free one", parsePort, "p"),
    "access-key": text("KEY", "who may ask (default test)"),
    "secret-key": text("SECRET", "and with what (default test)"),
    dir: text("DIR", "keep the objects in this folder (default: in memory)"),
    bucket: text("NAMES", "buckets to begin with, separated by commas"),
    anonymous: flag("serve unsigned requests, too"),
  },
  settings: "none",
  notes: [
    "Listens on 127.0.0.1 only, and says what to type in another terminal to use it. Ctrl-C ends it. With --json, the start and then each request is one line.",
    "With the first example running, type in another terminal:",
    "export AWS_ENDPOINT_URL_S3=http://127.0.0.1:9000",
    "export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test",
    "echo hello | entrepot cp - s3://demo/hello.txt; entrepot cat s3://demo/hello.txt",
  ],
  examples: [
    { line: "entrepot serve --port 9000 --access-key test --secret-key test --bucket demo", says: "in memory" },
    { line: "entrepot serve --dir ./objects --bucket demo --json", says: "kept in a folder, requests as JSON" },
  ],
  async run(call, values) {
    const { output, signal } = call;
    const { serve: start, bucketNameMistake } = await import("../../server/index.ts");
    const port = values.port ?? 9000;
    const [accessKeyId, secretAccessKey] = [values["access-key"] ?? "test", values["secret-key"] ?? "test"];
    checkKeys(accessKeyId, secretAccessKey);
    const buckets = values.bucket?.split(",").filter((name) => name !== "") ?? [];
    for (const name of buckets) {
      const mistake = bucketNameMistake(name);
      if (mistake !== undefined) throw new UsageError(`--bucket: ${mistake}`, "e.g. --bucket demo or --bucket one,two");
    }
    const server = await start({
      port,
      accessKeyId,
      secretAccessKey,
      dir: values.dir,
      anonymous: values.anonymous,
      buckets,
      log: (request) => {
        // without a reader the server still serves: only the log is lost
        if (!output.quiet) output.tell(requestMessage(request)).catch(() => {});
      },
      onInternalError: call.fail,
    }).catch((error: unknown) => {
      throw portInUse(error)
        ? new UsageError(`port ${port} is taken`, "give another --port, or 0 for any free one")
        : error;
    });
    try {
      await output.tell(startMessage(server, { accessKeyId, secretAccessKey, dir: values.dir }));
      if (!signal.aborted) await once(signal, "abort");
    } finally {
      await server.close();
    }
  },
});

interface Started {
  readonly accessKeyId: string;
  /** The one of this command line, or the default one: nobody's secret. */
  readonly secretAccessKey: string;
  readonly dir: string | undefined;
}

/** Where it listens, and what to type next. */
function startMessage(server: RunningS3Server, { accessKeyId, secretAccessKey, dir }: Started): Message {
  const { endpoint } = server;
  const buckets = server.storage.buckets().map(({ name }) => name);
  const env = {
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  const [first] = buckets;
  return {
    text: () =>
      [
        `listening on ${endpoint}, ${dir === undefined ? "in memory" : `in ${printable(dir)}`}; Ctrl-C ends it`,
        "in another terminal:",
        ...Object.entries(env).map(([name, value]) => `  export ${name}=${shellWord(value)}`),
        ...(first === undefined ? [] : [`  entrepot ls s3://${first}/`]),
        `buckets: ${first === undefined ? "none yet" : buckets.join(", ")}; to make one: entrepot mb s3://NAME, or start with --bucket NAME`,
      ].join("\n"),
    json: () => ({ type: "listening", endpoint, dir: dir ?? null, buckets, env }),
  };
}

function requestMessage(request: RecordedRequest): Message {
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

function parsePort(given: string): number {
  if (/^\d{1,5}$/.test(given) && Number(given) <= 65_535) return Number(given);
  throw new RangeError("expected a port from 1 to 65535, or 0 for any free one");
}

/** What a request's header and a line of a shell can hold. The secret is not repeated. */
function checkKeys(accessKeyId: string, secretAccessKey: string): void {
  if (!/^[\x21-\x2b\x2d-\x7e]+$/.test(accessKeyId)) {
    throw new UsageError("--access-key is empty, or has a space, a comma or an unusual character in it");
  }
  if (!/^[^\p{Cc}]+$/u.test(secretAccessKey)) {
    throw new UsageError("--secret-key is empty, or has a control character in it");
  }
}

/** One word for a POSIX shell, whatever is in it. */
function shellWord(value: string): string {
  return /^[\w.:/+=@%-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

function portInUse(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}
