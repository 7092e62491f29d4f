/** The trees that are copied: their files, what of them must have come, and the objects as versitygw keeps them. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const perFolder = 500;

/** `files` files of `bytes` bytes below `folder`, five hundred in each of its folders, no two alike. @param {string} folder @param {number} files @param {number} bytes */
export function writeTree(folder, files, bytes) {
  const content = Buffer.alloc(bytes, "entrepot ");
  for (let n = 0; n < files; n++) {
    const below = join(folder, `part-${String(Math.floor(n / perFolder)).padStart(4, "0")}`);
    if (n % perFolder === 0) mkdirSync(below, { recursive: true });
    content.write(String(n).padStart(12, "0"), 0);
    writeFileSync(join(below, `${String(n).padStart(8, "0")}.bin`), content);
  }
}

/** Throws where the two trees are not the same, byte for byte. @param {string} folder @param {string} source */
export function assertSameTree(folder, source) {
  const names = (/** @type {string} */ root) =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length))
      .sort();
  const [came, due] = [names(folder), names(source)];
  if (came.length !== due.length) throw new Error(`${folder}: ${came.length} files came and not ${due.length}`);
  for (const [n, name] of due.entries()) {
    if (came[n] !== name) throw new Error(`${folder}: ${came[n]} came and not ${name}`);
    if (!readFileSync(folder + name).equals(readFileSync(source + name))) throw new Error(`${folder}${name} differs`);
  }
}

/** Where versitygw keeps what is below a key. @param {string} files @param {string} bucket @param {string} key */
export const keptAt = (files, bucket, key) => join(files, bucket, key);

/** Takes away what is below a key, behind the server's back: it would take longer than what is measured. @param {string} files @param {string} bucket @param {string} key */
export function dropKept(files, bucket, key) {
  for (const place of [files, join(files, "../attributes"), join(files, "../versions")])
    rmSync(join(place, bucket, key), { recursive: true, force: true });
}
