/** `entrepot serve`: the strict S3 server of the room `server/`, on this machine only unless told otherwise, until it is stopped. */
import { once } from "node:events";
import { type Command, defineCommand } from "../command.ts";
import { parsePort, startFailure } from "../listening.ts";
import { choice, count, flag, parsed, text } from "../option.ts";
import { RequestLines } from "../request-lines.ts";
import { requestMessage, startMessage } from "../serve-messages.ts";
import { serveOptions } from "../serve-settings.ts";

export const serve: Command = defineCommand({
  name: "serve",
  summary: "an S3 server of your own on 127.0.0.1",
  synopsis: "[options]",
  operands: { min: 0, max: 0 },
  options: {
    port: parsed("PORT", "default 9000; 0 takes any free one", parsePort, "p"),
    host: text("ADDRESS", "of this machine (default 127.0.0.1)"),
    public: flag("let --host be an address that other machines reach"),
    "access-key": text("KEY", "who may ask (default test)"),
    "secret-key": text("SECRET", "and with what (default test)"),
    user: text("NAME:KEY:SECRET", "users whom policies of buckets may let in, separated by commas"),
    anonymous: flag("serve unsigned requests, too"),
    dir: text("DIR", "keep the objects in this folder (default: in memory)"),
    bucket: text("NAMES", "buckets to begin with, separated by commas"),
    fixtures: text("DIR", "objects to begin with: one folder for each bucket"),
    region: text("NAME", "where its buckets are (default us-east-1)"),
    "strict-region": flag("refuse signatures for other regions"),
    domain: text("NAMES", "BUCKET.NAME is a bucket, as for localhost; separated by commas"),
    tls: flag("serve https, with a certificate made at the start"),
    "tls-cert": text("FILE", "serve https with this certificate (PEM)"),
    "tls-key": text("FILE", "and its key (PEM)"),
    personality: choice(["aws", "r2", "minio", "ceph", "b2", "gcs"], "the store as which it behaves (default aws)"),
    faults: text("FILE", "spoil requests: a rule a line, e.g. GET data/** 503 SlowDown x3"),
    seed: count("N", "what is left to chance in faults (default 1)"),
  },
  settings: "none",
  notes: [
    "Listens on 127.0.0.1 only, and says what to type in another terminal to use it. Ctrl-C ends it. With --json, the start and then each request is one line.",
    "With the first example running, type in another terminal:",
    "export AWS_ENDPOINT_URL_S3=http://127.0.0.1:9000",
    "export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test",
    "echo hello | entrepot cp - s3://demo/hello.txt; entrepot cat s3://demo/hello.txt",
    "With --tls, clients must trust the authority that was made for it; the lines at the start say where its certificate lies: ca.pem in --dir, else a temporary file.",
  ],
  examples: [
    { line: "entrepot serve --port 9000 --access-key test --secret-key test --bucket demo", says: "in memory" },
    { line: "entrepot serve --dir ./objects --bucket demo --json", says: "kept in a folder, requests as JSON" },
    { line: "entrepot serve --tls --bucket demo --json", says: "over https, for clients that insist on it" },
  ],
  async run(call, values) {
    const { output, interrupted } = call;
    const options = await serveOptions(values);
    const { serve: start } = await import("../../server/index.ts");
    const lines = new RequestLines(output, requestMessage);
    const server = await start({
      ...options,
      log: output.quiet ? undefined : (request) => lines.add(request),
      onInternalError: call.fail,
    }).catch((error: unknown) => {
      throw startFailure(error, options);
    });
    try {
      await output.tell(startMessage(server, options));
      // A script reads the first line, e.g. by `head -1`, and leaves: the server stays.
      if (!interrupted.aborted) await once(interrupted, "abort");
    } finally {
      await server.close();
    }
  },
});
