/** The page of runs: one script, one style sheet, into `dist/page/`; nothing of it asks another host for anything. */
import { copyFileSync, mkdirSync } from "node:fs";
import { rolldown } from "rolldown";

const source = "src/runs/page";

/** Gives what the bundler wrote. */
export async function buildPage() {
  mkdirSync("dist/page", { recursive: true });
  for (const file of ["index.html", "page.css", "icon.svg"]) copyFileSync(`${source}/${file}`, `dist/page/${file}`);
  const build = await rolldown({
    input: { page: `${source}/main.tsx` },
    platform: "browser",
    transform: { target: "es2022", jsx: { runtime: "automatic", importSource: "preact" } },
    onLog(level, log) {
      if (level === "warn") throw new Error(`${log.code}: ${log.message}`);
    },
  });
  const { output } = await build.write({ dir: "dist/page", format: "esm", entryFileNames: "[name].js", minify: true });
  await build.close();
  return output;
}
