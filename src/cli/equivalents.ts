/** What people of aws, rclone, find and cp type, and what it is called here: only told, never guessed. */
import type { Options } from "./option.ts";

/** In each the first that the command has is told; behind a space stands its value. */
const equivalents: Readonly<Record<string, readonly string[]>> = {
  "-name": ["name", "include"],
  "-iname": ["name", "include"],
  "-path": ["match", "include"],
  "-type": ["type", "kind"],
  "-size": ["size", "min-size"],
  "-newer": ["newer", "newer-than"],
  "-mtime": ["older", "older-than"],
  "-mmin": ["newer", "newer-than"],
  "-maxdepth": ["max-depth", "depth"],
  "-print0": ["null"],
  "--print0": ["null"],
  "--iname": ["name", "include"],
  "--size-only": ["by size"],
  "--checksum": ["by checksum"],
  "--exact-timestamps": ["by checksum"],
  "--max-age": ["newer-than"],
  "--min-age": ["older-than"],
  "--ignore-existing": ["no-clobber"],
  "--no-overwrite": ["no-clobber"],
  "--dryrun": ["dry-run"],
  "--human-readable": ["human"],
  "--human-numeric": ["human"],
  "--bytes": ["bytes"],
  "--lines": ["lines"],
  "--no-sign-request": ["anonymous"],
  "--endpoint-url": ["endpoint"],
  "--s3-endpoint": ["endpoint"],
  "--only-show-errors": ["quiet"],
  "--no-progress": ["quiet"],
  "--output": ["json"],
  "--verbose": ["debug"],
  "-v": ["debug"],
  "-vv": ["debug"],
  "-n": ["dry-run"],
};

const concurrency = "set ENTREPOT_CONCURRENCY, e.g. ENTREPOT_CONCURRENCY=4; without it the pace follows the server";
const answers: Readonly<Record<string, string>> = {
  "--concurrency": concurrency,
  "--transfers": concurrency,
  "--checkers": concurrency,
  "--parallel": concurrency,
  "-j": concurrency,
  "-exec": "other commands take what is found: entrepot find -0 … | xargs -0 …",
  "-delete": "entrepot rm -r removes, with --include, --older-than and the like",
  "--acl": "who may read is decided by the bucket's policy; entrepot sets no ACL",
  "--version-id": "the version is part of the address: s3://bucket/key?versionId=ID",
};

/** The way out for an option that the command does not have; `undefined` where no other tool's is known. */
export function equivalentOf(shown: string, options: Options): string | undefined {
  const known = Object.hasOwn(equivalents, shown) ? equivalents[shown] : undefined;
  const found = known?.find((candidate) => Object.hasOwn(options, candidate.split(" ")[0] ?? ""));
  if (found !== undefined) {
    const option = options[found];
    return `here it is --${found}${option?.takes === "value" ? ` ${option.placeholder}` : ""}`;
  }
  const goesDown = "max-delete" in options || "max-depth" in options || "folders" in options;
  if (["-r", "-R", "-a", "--recursive"].includes(shown) && goesDown)
    return "leave it out: it always goes all the way down";
  return Object.hasOwn(answers, shown) ? answers[shown] : undefined;
}
