// The proofs: each is run on our cache, which must never be wrong, and on the bad ones that break just what it claims, which must be
// found wrong for it – else it cannot fail, and has failed. The control, which is right, must not be found wrong. usage: run.mjs [--long] [--seed N] [--keep] [id…]
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** @typedef {import("./proof.ts").Proof} Proof */
/** @typedef {{ cache: string, tried: number, wrong: number, notes: readonly string[], broken: string | undefined, figures: readonly string[], seconds: number }} Side */

const args = process.argv.slice(2);
const isLong = args.includes("--long");
const seedAt = args.indexOf("--seed");
const seed = seedAt < 0 ? Number(process.env["PROOF_SEED"] ?? 20_261_122) : Number(args[seedAt + 1]);
const ids = args.filter((word, index) => !word.startsWith("--") && (seedAt < 0 || index !== seedAt + 1));
/** One side of one proof; what hangs is wrong. */
const secondsPerSide = isLong ? 4 * 3600 : 240;

if (!existsSync(fileURLToPath(new URL("../../dist/index.js", import.meta.url)))) {
  console.log("The package is not built: npm run build\n0 passed, 1 failed, 0 skipped");
  process.exit(1);
}
const { Stage } = await import("./stage.mjs");
const base = mkdtempSync(join(tmpdir(), "entrepot-proof-"));
process.on("exit", () => rmSync(base, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

const files = readdirSync(new URL("proofs", import.meta.url)).sort();
/** @type {Proof[]} */
const proofs = [];
for (const file of files.filter((name) => name.endsWith(".mjs"))) {
  const { proof } = await import(`./proofs/${file}`);
  if (ids.length === 0 || ids.includes(proof.id)) proofs.push(proof);
}

let sides = 0;
/** @param {Proof} proof @param {string} cache @returns {Promise<Side>} */
async function play(proof, cache) {
  const started = performance.now();
  sides += 1;
  const isOurs = cache === "ours";
  const scale = isOurs ? (isLong ? "long" : "short") : cache === "simple" ? "control" : "short";
  const stage = new Stage({ cache, scale, seed, workdir: join(base, String(sides)), untilWrong: !isOurs });
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const tooLong = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${secondsPerSide} s`)), secondsPerSide * 1000);
  });
  try {
    await stage.folder(".");
    await Promise.race([proof.run(stage), tooLong]);
  } catch (error) {
    stage.fail(error);
  } finally {
    clearTimeout(timer);
    await stage.close();
  }
  const { tried, wrongs: wrong, notes, broken, figures } = stage;
  return { cache, tried, wrong, notes, broken, figures, seconds: (performance.now() - started) / 1000 };
}

let [passed, failed, skipped] = [0, 0, 0];
/** @type {string[][]} */
const rows = [];
/** @type {string[]} */
const lines = [];
for (const proof of proofs) {
  const reason = proof.needs?.();
  if (reason !== undefined) {
    skipped += proof.notOfSimple === undefined ? 3 : 2;
    lines.push(`SKIPPED ${proof.id}: ${reason}`);
    rows.push([proof.id, "SKIPPED", "", "", "", proof.target, "", "", ""]);
    continue;
  }
  const ours = await play(proof, "ours");
  const isRight = ours.wrong === 0 && ours.tried > 0 && ours.broken === undefined;
  const isKnown = proof.known !== undefined && !isRight && ours.broken === undefined;
  /** @type {Side[]} */
  const bad = [];
  for (const cache of Object.keys(proof.bad)) bad.push(await play(proof, cache));
  const isFound = (/** @type {Side} */ { cache, notes, broken }) =>
    broken === undefined && notes.some((note) => proof.bad[cache]?.test(note));
  const simple = proof.notOfSimple === undefined ? await play(proof, "simple") : undefined;
  const isJust = simple === undefined || (simple.wrong === 0 && simple.tried > 0 && simple.broken === undefined);
  const canFail = bad.length > 0 && bad.every(isFound);
  if (isRight) passed += 1;
  else if (isKnown) skipped += 1;
  else failed += 1;
  if (canFail) passed += 1;
  else failed += 1;
  if (!isJust) failed += 1;
  else if (simple !== undefined) passed += 1;
  const verdict = isRight ? "ok" : isKnown ? "KNOWN" : "FAIL";
  rows.push([
    proof.id,
    verdict,
    ours.tried.toLocaleString("en"),
    ours.wrong.toLocaleString("en"),
    isRight ? (3 / ours.tried).toExponential(1) : "-",
    proof.target,
    ours.seconds.toFixed(1),
    simple === undefined ? "-" : isJust ? `right in ${simple.tried.toLocaleString("en")}` : "FAIL",
    bad.map((side) => `${side.cache}: ${isFound(side) ? `found in ${side.tried}` : "NOT FOUND"}`).join(", "),
  ]);
  lines.push(`${proof.id} ${proof.title}${ours.figures.length > 0 ? `: ${ours.figures.join(", ")}` : ""}`);
  if (ours.broken !== undefined) lines.push(`  the proof broke: ${ours.broken}`);
  else if (!isRight)
    lines.push(...(ours.tried === 0 ? ["  ours: tried nothing"] : ours.notes.map((note) => `  ours: ${note}`)));
  if (isKnown) lines.push(`  KNOWN, counted as skipped: ${proof.known}`);
  else if (proof.known !== undefined) lines.push(`  not seen any more, take the mark away: ${proof.known}`);
  for (const { cache, wrong, broken, notes, seconds } of bad) {
    const said = broken
      ? `the proof broke: ${broken}`
      : wrong === 0
        ? "not found to be wrong, so this proof cannot fail"
        : (notes.find((note) => proof.bad[cache]?.test(note)) ?? `found for something else: ${notes.join(" | ")}`);
    lines.push(`  ${cache} (${seconds.toFixed(1)} s): ${said}`);
  }
  if (simple === undefined) lines.push(`  simple is not played: ${proof.notOfSimple}`);
  else if (isJust) lines.push(`  simple (${simple.seconds.toFixed(1)} s): not found to be wrong`);
  else {
    const said = simple.broken ?? (simple.tried === 0 ? "tried nothing" : simple.notes.join(" | "));
    lines.push(`  simple, which is right (${simple.seconds.toFixed(1)} s): ${said}`);
  }
  for (const note of isRight ? [] : [ours.broken ?? "", ...ours.notes]) if (note !== "") console.error(`  ${note}`);
  console.error(
    `${proof.id}: ${verdict}${canFail ? "" : ", cannot fail"}${isJust ? "" : ", finds what is right wrong"} in ${ours.seconds.toFixed(1)} s`,
  );
}

const heads = ["id", "ours", "n", "wrong", "3/n", "target", "s", "the control", "the bad ones"];
const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
console.log(
  `\nseed ${seed}, ${isLong ? "long" : "short"}; simulated S3 on loopback; 3/n bounds the rate of failure at 95 %\n`,
);
for (const row of [heads, ...rows])
  console.log(
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
console.log(`\n${lines.join("\n")}`);
if (proofs.length === 0) {
  console.log(`No proof is called ${ids.join(" or ")}`);
  failed += 1;
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);
