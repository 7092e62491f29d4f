/** `entrepot serve`: the strict S3 server of the room `server/`, on this machine only, until it is stopped. */
import { once } from "node:events";
import type { RecordedRequest } from "../../server/index.ts";
import { type Command, defineCommand } from "../command.ts";
import { printable } from "../escape.ts";
import type { Message } from "../message.ts";
import { count, flag, text } from "../option.ts";
import { UsageError } from "../usage-error.ts";

export const serve: Command = defineCommand({
  name: "serve",
  summary: "an S3 server of your own on 127.0.0.1",
  synopsis: "[options]",
  operands: { min: 0, max: 0 },
  options: {
    port: count("PORT", "default 9000; 0 takes any free one", "p"),
    "access-key": text("KEY", "who may ask (default test)"),
    "secret-key": text("SECRET", "and with what (default test)"),
    dir: text("DIR", "keep the objects in this folder (default: in memory)"),
    bucket: text("NAMES", "buckets to begin with, separated by commas"),
    anonymous: flag("serve unsigned requests, too"),
  },
  settings: "none",
  notes: [
    "Listens on 127.0.0.1 only. Ctrl-C ends it. With --json each request is one line.",
    "Then, in another terminal: export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_ENDPOINT_URL=http://127.0.0.1:9000; entrepot ls s3://demo/",
  ],
  examples: [
    { line: "entrepot serve --port 9000 --access-key test --secret-key test", says: "in memory" },
    { line: "entrepot serve --dir ./objects --bucket demo --json", says: "kept in a folder, requests as JSON" },
  ],
  async run(call, values) {
    const { output, signal } = call;
    const { serve: start } = await import("../../server/index.ts");
    const port = values.port ?? 9000;
    const server = await start({
      port,
      accessKeyId: values["access-key"] ?? "test",
      secretAccessKey: values["secret-key"] ?? "test",
      dir: values.dir,
      anonymous: values.anonymous,
      buckets: values.bucket?.split(",").filter((name) => name !== ""),
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
      const { endpoint } = server;
      await output.tell({
        text: () =>
          `listening on ${endpoint}, ${values.dir === undefined ? "in memory" : `in ${printable(values.dir)}`}; Ctrl-C ends it`,
        json: () => ({ type: "listening", endpoint, dir: values.dir ?? null }),
      });
      if (!signal.aborted) await once(signal, "abort");
    } finally {
      await server.close();
    }
  },
});

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

function portInUse(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}
