/** A million keys that were chosen to do harm: each has names of its own, inside the folder; some thousand are really stored. */
import { readdir } from "node:fs/promises";
import { basename, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { hostileKeys, known } from "../hostile-keys.mjs";

/** @typedef {import("../stage.mjs").Stage} Stage */

/** @type {import("../proof.ts").Proof} */
export const proof = {
  id: "R30",
  title:
    "No key leaves the folder, no two keys share a name in it, and a folder of objects comes back under the same keys",
  target: "1,000,000 keys, 2,000 of them stored",
  bad: { "key-paths": /leads to|came back as another/ },
  notOfSimple: "it copies no folders",
  async run(stage) {
    await names(stage, stage.size(50_000, 1_000_000));
    const named = stage.wrongs;
    await stored(stage, stage.size(300, 2_000));
    const kept = stage.wrongs;
    await copied(stage, stage.size(12, 200));
    if (stage.untilWrong && (named === 0 || kept === named || stage.wrongs === kept)) {
      // Each of the three must be able to fail.
      throw new Error(`names: ${named} wrong, stored: ${kept - named}, copied: ${stage.wrongs - kept}`);
    }
  },
};

/** @param {Stage} stage @param {number} count */
async function names(stage, count) {
  const module = await stage.module();
  const dir = await stage.folder("names");
  const namesOf = await module.namesOf?.(dir);
  if (namesOf === undefined) throw new Error(`${stage.cache} tells no names`);
  /** As a disk that knows no case and one normal form sees them. @type {Set<string>} */
  const seen = new Set();
  const keys = hostileKeys(stage.random);
  for (let tried = 0; tried < count; tried += 1) {
    const key = tried < known.length ? /** @type {string} */ (known[tried]) : keys.next().value;
    stage.count();
    for (const path of namesOf(key)) {
      const told = JSON.stringify(key);
      const inside = relative(dir, path);
      if (inside === "" || inside.startsWith("..") || !path.startsWith(`${dir}${sep}`))
        stage.wrong(`${told} leads to ${path}`);
      if (!/^[\x21-\x7e]+$/.test(inside) || basename(path).length > 160)
        stage.wrong(`${told} has a name that not every disk can hold`);
      const folded = inside.normalize("NFC").toLowerCase();
      if (seen.has(folded)) stage.wrong(`${told} has a name that another key has`);
      seen.add(folded);
    }
  }
}

/** Under Node's permission model, which lets it write into the folder and nowhere else. @param {Stage} stage @param {number} count */
async function stored(stage, count) {
  const server = await stage.server();
  const dir = await stage.folder("cage/cache");
  const cage = fileURLToPath(new URL("../cage.cjs", import.meta.url));
  const model = ["--experimental-permission", "--allow-fs-read=*", `--allow-fs-write=${dir}/`, "--no-warnings"];
  const worker = await stage.worker(server, dir, { execArgv: [...model, "--require", cage] });
  const keys = [...known];
  for (const key of hostileKeys(stage.random)) if (keys.push(key) >= count) break;
  stage.count(keys.length);
  const { kept, wrong } = await worker.ask("writeHostile", { keys });
  for (const note of wrong) stage.wrong(note);
  // All of them first: a name that two share holds the last one's bytes.
  for (const job of ["offlineMust", "reads"]) {
    for (const note of (await worker.ask(job, { keys: kept })).wrong) stage.wrong(`${job}: ${note}`);
  }
  const beside = (await readdir(`${stage.workdir}/cage`)).filter((name) => name !== "cache");
  if (beside.length > 0) stage.wrong(`beside the cache lies ${JSON.stringify(beside[0])}`);
  stage.tell(`${kept.length} of ${keys.length} keys stored, the others refused`);
}

/** Down into a folder and up again: the same keys and bytes, but for those that are refused by name. @param {Stage} stage @param {number} rounds */
async function copied(stage, rounds) {
  const server = await stage.server();
  const worker = await stage.worker(server, await stage.folder("copies"));
  const keys = hostileKeys(stage.random);
  let [objects, refused] = [0, 0];
  for (let round = 0; round < rounds; round += 1) {
    // Most names are good ones: a folder with a single bad one is what is met.
    const wild = Array.from({ length: 1 + stage.random.below(4) }, () => keys.next().value);
    const some = [...wild, "plain.txt", "folder/plain.csv"].map((key) => `from ${round}/${key}`);
    const { kept } = await worker.ask("writeHostile", { keys: some });
    const cage = await stage.folder(`cage ${round}`);
    const found = await worker.ask("downAndUp", { from: `from ${round}/`, to: `to ${round}/`, cage, keys: kept });
    stage.count();
    for (const note of found.wrong) stage.wrong(note);
    refused += found.refused;
    objects += kept.length;
  }
  stage.tell(`${rounds} folders of ${objects} objects copied, ${refused} of these refused`);
}
