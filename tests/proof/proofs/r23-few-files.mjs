/** A process that may have 64 files open, sockets included, reads very many objects at once. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { makeContent } from "../content.mjs";

const program = fileURLToPath(new URL("../few-files.mjs", import.meta.url));
const limit = 64;

/** @type {import("../proof.ts").Proof} */
export const proof = {
  id: "R23",
  title: `A process that may have ${limit} files open, sockets included, reads any number of objects at once through the cache`,
  target: "10,000 objects",
  bad: { unbounded: /many.*(?:fetch failed|EMFILE)|ended with/ },
  async run(stage) {
    const server = await stage.server();
    const count = stage.size(400, 10_000);
    /** @type {Record<string, { body: Uint8Array }>} */
    const objects = {};
    // Every tenth goes through a file on its way.
    for (let index = 0; index < count; index += 1)
      objects[`s3://b/many/${index}`] = {
        body: makeContent(`many/${index}`, index, index % 10 === 0 ? 300_000 : 1_000),
      };
    await server.load(objects);
    const given = { cache: stage.cache, endpoint: server.endpoint, dir: await stage.folder("cache") };
    const child = spawn(
      "sh",
      ["-c", `ulimit -n ${limit}; exec "$0" "$@"`, process.execPath, program, JSON.stringify({ ...given, count })],
      {
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    stage.later(() => child.kill("SIGKILL"));
    let [said, complaint] = ["", ""];
    child.stderr.on("data", (chunk) => (complaint += chunk));
    for await (const chunk of child.stdout) said += chunk;
    const last = said.trim().split("\n").at(-1) ?? "";
    if (last.startsWith("{")) stage.add(JSON.parse(last));
    else {
      stage.count();
      stage.wrong(`it ended with ${JSON.stringify(complaint.slice(-300))}`);
    }
  },
};
