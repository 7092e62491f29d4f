/** The files of the page, made by the build beside this program: a closed list, so that no address is a path. */
import { fileURLToPath } from "node:url";
import { openNodeDisk } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { Bytes } from "../../store/index.ts";

export interface PageFile {
  readonly bytes: Bytes;
  readonly type: string;
}

const files: Readonly<Record<string, readonly [name: string, type: string]>> = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/page.js": ["page.js", "text/javascript; charset=utf-8"],
  "/page.css": ["page.css", "text/css; charset=utf-8"],
  "/icon.svg": ["icon.svg", "image/svg+xml"],
};

/** From a chunk of `dist/`, and from the sources. */
const folders = ["../page/", "../../../dist/page/"].map((path) => new URL(path, import.meta.url));

/** `undefined` for an address that is none of the page. Error: not-found where the page was not built. */
export async function pageFile(path: string): Promise<PageFile | undefined> {
  if (!Object.hasOwn(files, path)) return undefined;
  const [name, type] = files[path] ?? ["", ""];
  const disk = openNodeDisk();
  for (const folder of folders) {
    try {
      const { bytes } = await disk.readFile(fileURLToPath(new URL(name, folder)));
      return { bytes, type };
    } catch (error) {
      if (!isEntrepotError(error, "not-found")) throw error;
    }
  }
  throw new EntrepotError("not-found", "the page was not built", {
    hint: "run npm run build, or install the package anew",
  });
}
