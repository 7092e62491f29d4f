/** `entrepot runs serve`: the HTTP API and the page of runs, on this machine only unless told otherwise, until it is stopped. */
import { once } from "node:events";
import { type ServedRequest, type ServedRuns, serveRuns } from "../../../runs/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { parsePort, startFailure } from "../../listening.ts";
import type { Message } from "../../message.ts";
import { flag, parsed, text } from "../../option.ts";
import { RequestLines } from "../../request-lines.ts";
import { openRuns, runsNote, runsOptions } from "../../runs/open-runs.ts";

const defaultPort = 8750;

export const serve: Command = defineCommand({
  name: "runs serve",
  summary: "a page and an HTTP API for runs, on 127.0.0.1",
  synopsis: "[options]",
  operands: { min: 0, max: 0 },
  options: {
    port: parsed("PORT", `default ${defaultPort}; 0 takes any free one`, parsePort, "p"),
    host: text("ADDRESS", "of this machine (default 127.0.0.1)"),
    public: flag("let --host be an address that other machines reach"),
    origin: text("URL", "under which browsers reach it, such as that of a proxy"),
    "read-only": flag("only show"),
    ...runsOptions,
  },
  notes: [
    "Prints a link that signs in once, within 15 minutes; everybody else needs a token of entrepot runs token create. Ctrl-C ends it. With --json, the start and then each request is one line.",
    "What is started on the page is executed by entrepot runs worker.",
    "It speaks http: where other machines reach it, put a proxy that speaks TLS before it, and name its address by --origin.",
    "The API is below /api/v1, its OpenAPI document at /api/openapi.json.",
    runsNote,
  ],
  examples: [
    { line: "entrepot runs serve", says: "for this machine" },
    { line: "entrepot runs serve --read-only --port 0 --json", says: "only to look, for programs" },
  ],
  async run(call, values) {
    const { output, interrupted } = call;
    const { host = "127.0.0.1", port = defaultPort, public: isPublic, origin, "read-only": readOnly } = values;
    const store = await openRuns(call, values, { create: true });
    try {
      const lines = new RequestLines(output, requestMessage);
      const data = await call.depot("many");
      const served = await serveRuns(data, {
        ...{ store, host, port, public: isPublic, origin, readOnly },
        log: output.quiet ? undefined : (request) => lines.add(request),
        onInternalError: (error) => call.fail(error),
      }).catch((error: unknown) => {
        throw startFailure(error, { host, port });
      });
      try {
        await output.tell(startMessage(served));
        await output.flush();
        if (!interrupted.aborted) await once(interrupted, "abort");
      } finally {
        await served.close();
      }
    } finally {
      await store.close();
    }
  },
});

function startMessage(served: ServedRuns): Message {
  const { url } = served;
  const signInUrl = served.newSignInUrl();
  return {
    text: () =>
      ["runs are at", `  ${url}`, "sign in once, within 15 minutes:", `  ${signInUrl}`, "Ctrl-C ends it"].join("\n"),
    json: () => ({ type: "ready", url, signInUrl }),
  };
}

function requestMessage({ id, method, path, status, ms, caller }: ServedRequest): Message {
  // what the answer of a failure of ours names, beside the reason above it
  const named = status === 500 ? ` request ${id}` : "";
  return {
    text: () => `${status} ${method} ${printable(path)} (${printable(caller)})${named}`,
    json: () => ({ type: "request", id, method, path, status, ms, caller }),
  };
}
