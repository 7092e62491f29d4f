/** `entrepot serve`: the strict S3 server of the room `server/`, on this machine only, until it is stopped. */
import { type Command, defineCommand } from "../command.ts";
import { printable } from "../escape.ts";
import { count, text } from "../option.ts";

export const serve: Command = defineCommand({
  name: "serve",
  summary: "an S3 server of your own on 127.0.0.1",
  synopsis: "[options]",
  operands: { min: 0, max: 0 },
  options: {
    port: count("PORT", "default 9000; 0 takes any free one", "p"),
    "access-key": text("KEY", "who may ask (default test)"),
    "secret-key": text("SECRET", "and with what (default test)"),
    dir: text("DIR", "keep the objects in this folder (default: in memory, gone at the end)"),
    bucket: text("NAMES", "buckets to begin with, separated by commas"),
  },
  notes: [
    "Listens on 127.0.0.1 only. Ctrl-C ends it. With --json each request is one line.",
    "Then, in another terminal: export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_ENDPOINT_URL=http://127.0.0.1:9000; entrepot ls s3://demo/",
  ],
  examples: [
    { line: "entrepot serve --port 9000 --bucket demo", says: "in memory" },
    { line: "entrepot serve --dir ./objects --json", says: "kept in a folder, requests as JSON" },
  ],
  async run(call, values) {
    const { serve: start } = await import("../../server/index.ts");
    const server = await start({
      port: values.port ?? 9000,
      dir: values.dir,
      buckets: values.bucket?.split(",") ?? [],
    });
    await call.output.tell({ text: () => printable(server.endpoint), json: () => ({ type: "listening" }) });
  },
});
