/** Sources as a module that runs: for proofs that go through a room's own functions, a million times or by a clock of their own. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** @param {string} source from the root of the repository @returns {Promise<any>} */
export async function bundled(source) {
  // Workers have no use for it, and one of them may load nothing native.
  const { rolldown } = await import("rolldown");
  const bundle = await rolldown({ input: join(root, source), platform: "node", external: ["re2js", "undici"] });
  const [{ code }] = (await bundle.generate({ format: "esm", codeSplitting: false })).output;
  await bundle.close();
  // Inside the repository, where packages are found.
  await mkdir(join(root, "node_modules/.cache"), { recursive: true });
  const folder = await mkdtemp(join(root, "node_modules/.cache/proof-"));
  try {
    await writeFile(join(folder, "bundle.mjs"), code);
    return await import(pathToFileURL(join(folder, "bundle.mjs")).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
