/**
 * Makes `dist/`: one bundled chunk per door and command (what they share lies in shared chunks, so there is one
 * EntrepotError class), declarations by tsc, and the clone's own `node_modules/.bin/entrepot`.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { rolldown } from "rolldown";
import { buildPage } from "./build-page.mjs";
import { commands, doors, root } from "./doors.mjs";
import { writeLicences } from "./licences.mjs";

process.chdir(root);
const {
  dependencies = {},
  peerDependencies = {},
  optionalDependencies = {},
} = JSON.parse(readFileSync("package.json", "utf8"));
const foreign = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });

const missing = [...doors, ...commands].filter(({ source }) => !existsSync(source));
if (missing.length > 0) {
  console.error(`build: package.json names doors without a source: ${missing.map(({ source }) => source).join(", ")}`);
  process.exit(1);
}

rmSync("dist", { recursive: true, force: true });
writeLicences([...(await bundle()), ...(await buildPage())]);
linkCommands();
declarations();

async function bundle() {
  const build = await rolldown({
    input: Object.fromEntries(
      [...doors, ...commands].map(({ source, bundle }) => [bundle.replace(/^dist\/|\.js$/g, ""), source]),
    ),
    platform: "node",
    // Whatever is not ours stays an import: a user has one undici, and a lazy import stays lazy.
    external: (id) => foreign.some((name) => id === name || id.startsWith(`${name}/`)),
    transform: { target: "es2023" },
    onLog(level, log) {
      if (level === "warn") throw new Error(`${log.code}: ${log.message}`);
    },
  });
  const { output } = await build.write({
    dir: "dist",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    sourcemap: true,
    // the declarations carry the documentation; at import every byte is parsed
    comments: false,
  });
  await build.close();
  return output;
}

function declarations() {
  const tsc = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.src.json"], {
    stdio: "inherit",
  });
  if (tsc.status !== 0) process.exit(tsc.status ?? 1);
  // tsc keeps `./x.ts` in declarations; published declarations must name files that exist.
  for (const name of readdirSync("dist/types", { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".d.ts")) continue;
    const file = path.join("dist/types", name);
    const text = readFileSync(file, "utf8");
    const renamed = text.replace(/((?:from|import|declare module)\s*\(?\s*["']\.{1,2}\/[^"']*)\.ts(["'])/g, "$1.js$2");
    if (renamed !== text) writeFileSync(file, renamed);
  }
  // Buffers, streams and signals are Node's: found without a "types" in the tsconfig of whoever compiles against them.
  for (const { source } of doors) {
    const file = path.join("dist/types", path.relative("src", source)).replace(/\.ts$/, ".d.ts");
    writeFileSync(file, `/// <reference types="node" />\n${readFileSync(file, "utf8")}`);
  }
}

/** npm links the commands of dependencies only; a clone wants its own, too: `npx entrepot` asks here first. */
function linkCommands() {
  mkdirSync("node_modules/.bin", { recursive: true });
  for (const { name, bundle } of commands) {
    chmodSync(bundle, 0o755);
    const link = `node_modules/.bin/${name}`;
    rmSync(link, { force: true });
    symlinkSync(path.relative("node_modules/.bin", bundle), link);
  }
}
