/** A depot is opened, used in every way, failures included, and closed, again and again; then all must be as it was. */
import { put } from "../stage.mjs";

/** @type {import("../proof.ts").Proof} */
export const proof = {
  id: "R42",
  title: "After use nothing is left open: no file, no socket, no timer, no unfinished file, no lock and no lease",
  target: "500 lives of a depot",
  bad: {
    leaky: /^open files:/,
    "leaves-sockets": /^open sockets:/,
    "leaves-timers": /^Timeout:/,
    "leaves-locks": /files are left.*lock/,
  },
  async run(stage) {
    const server = await stage.server();
    const keys = Array.from({ length: 8 }, (_, index) => `object-${index}.bin`);
    for (const [index, key] of keys.entries()) await put(server, key, index, stage.random.size(32, 900_000));
    // Refused, cut off in the middle, and late.
    server.inject(
      { method: "GET", key: "bad-*", times: Number.POSITIVE_INFINITY, effect: { status: 403 } },
      { method: "GET", times: Number.POSITIVE_INFINITY, probability: 0.1, effect: { resetAfterBytes: 10_000 } },
    );
    const dir = await stage.folder("cache");
    const worker = await stage.worker(server, dir);
    // What is opened once and stays, is.
    await worker.ask("lives", { keys, lives: 2, seed: stage.seed });
    const before = await worker.ask("census");
    const lives = stage.size(15, 500);
    // Whether they read well is another proof's matter.
    await worker.ask("lives", { keys, lives, seed: stage.seed + 1 });
    stage.count(lives);
    const after = await worker.ask("census", { until: before });
    for (const [what, count] of Object.entries(after)) {
      if (count > (before[what] ?? 0))
        stage.wrong(`${what}: ${before[what] ?? 0} before, ${count} after ${lives} lives`);
    }
    const { leftovers } = await stage.module();
    const left = await leftovers(dir);
    if (left.length > 0) stage.wrong(`${left.length} files are left, e.g. ${left[0]}`);
    stage.tell(
      Object.entries(after)
        .map(([what, count]) => `${count} ${what}`)
        .join(", "),
    );
  },
};
