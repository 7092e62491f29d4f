/** What the user's own file goes through, by a log of system calls: flushed before it gets its name, and the folder after. */
import { dirname, join } from "node:path";
import { traced, tracedWorker, whyNoStrace } from "../strace.mjs";

/** @type {import("../proof.ts").Proof} */
export const proof = {
  id: "R05",
  title: "A local file is flushed before it gets its name, and its folder before the write is acknowledged",
  target: "every kind of local write",
  bad: { "no-flush": /not flushed between its last byte and its name/, "no-folder-flush": /its name is not flushed/ },
  needs: whyNoStrace,
  async run(stage) {
    const server = await stage.server();
    const dir = await stage.folder("cache");
    const files = await stage.folder("files");
    const worker = await tracedWorker(stage, server, dir);
    for (let round = 0; round < stage.size(4, 100) && !stage.isOver; round += 1) {
      for (const [name, args] of Object.entries(kindsOf(files, round))) {
        const seen = await traced(stage, worker, () => worker.ask("writeLocal", args), join(stage.workdir, "log"));
        stage.count();
        for (const note of flawsOf(seen, args.path)) stage.wrong(`${name}: ${note}`);
      }
    }
  },
};

/** @param {string} folder @param {number} round */
function kindsOf(folder, round) {
  const [small, large] = ["small\n", "large\n".repeat(100_000)];
  return {
    "a new file": { path: join(folder, `new ${round}`), text: small },
    "a large one": { path: join(folder, `large ${round}`), text: large },
    "a file replaced": { path: join(folder, "again"), text: `${small}${round}` },
    "a file in a new folder": { path: join(folder, `folder ${round}`, "deeper", "file"), text: small },
  };
}

const escaped = (/** @type {string} */ text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** @param {import("../strace.mjs").Traced[]} seen @param {string} path @returns {string[]} */
function flawsOf(seen, path) {
  const texts = seen.map(({ text }) => text);
  const last = (/** @type {RegExp} */ pattern) => texts.findLastIndex((text) => pattern.test(text));
  const flushed = (/** @type {string} */ what) => last(new RegExp(`^f(?:data)?sync\\(\\d+<${escaped(what)}>.*= 0$`));
  const named = last(new RegExp(`^(?:rename|renameat2?|link|linkat)\\(.*"${escaped(path)}".*= 0$`));
  if (named < 0) return ["it never got its name"];
  const from = /"([^"]+)"/.exec(texts[named] ?? "")?.[1] ?? "";
  const written = last(new RegExp(`^p?write(?:64)?\\(\\d+<${escaped(from)}>`));
  /** @type {string[]} */
  const flaws = [];
  if (!(written < flushed(from) && flushed(from) < named)) flaws.push("not flushed between its last byte and its name");
  if (flushed(dirname(path)) < named) flaws.push("its name is not flushed");
  for (const [at, text] of texts.entries()) {
    const made = /^mkdir\("([^"]+)".*= 0$/.exec(text)?.[1];
    if (made !== undefined && flushed(dirname(made)) < at) flaws.push("the name of a new folder is not flushed");
  }
  return flaws;
}
