/** One page of a listing of versions, from its XML. */
import { EntrepotError } from "../../error/index.ts";
import { compareKeys } from "../../uri/index.ts";
import type { ObjectVersion, VersionPage } from "../object-store.ts";
import { quotedEtag } from "./etag.ts";
import { decodeListed, listedSize, listedTime } from "./list-page.ts";
import { readXml, type XmlVisitor } from "./xml.ts";

/** Where the next page begins. */
export interface VersionMarker {
  readonly key: string;
  readonly versionId: string | undefined;
}

interface ParsedPage {
  readonly page: VersionPage;
  /** `undefined` after the last page. */
  readonly next: VersionMarker | undefined;
}

/** Reads a page. Error: protocol when it is no such listing, or a part of it is missing. */
export function parseVersionPage(body: Uint8Array, uri: string): ParsedPage {
  const reader = new PageReader();
  try {
    readXml(body, reader);
    return reader.finish();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EntrepotError("protocol", `listing the versions of ${uri}: ${why}`, { uri, cause });
  }
}

class PageReader implements XmlVisitor {
  #root = "";
  #parent = "";
  readonly #page = new Map<string, string>();
  #fields = new Map<string, string>();
  readonly #versions: ObjectVersion[] = [];
  readonly #folders: string[] = [];

  open(name: string, depth: number): void {
    if (depth === 0) this.#root = name;
    if (depth !== 1) return;
    this.#parent = name;
    this.#fields = new Map();
  }

  close(name: string, text: string, depth: number): void {
    if (depth === 2) {
      if (this.#parent === "CommonPrefixes" && name === "Prefix") this.#folders.push(text);
      else this.#fields.set(name, text);
    } else if (depth === 1) {
      if (name === "Version" || name === "DeleteMarker") this.#versions.push(versionOf(name, this.#fields));
      else this.#page.set(name, text);
    }
  }

  finish(): ParsedPage {
    if (this.#root !== "ListVersionsResult")
      throw new Error(`the answer is <${this.#root}> and no listing of versions`);
    const decode = this.#page.get("EncodingType")?.trim() === "url" ? decodeListed : (text: string) => text;
    const versions = this.#versions.map((version) => ({ ...version, key: decode(version.key) }));
    const page = { versions: inOrder(versions), folders: this.#folders.map(decode) };
    const truncated = this.#page.get("IsTruncated")?.trim().toLowerCase() ?? "false";
    if (truncated !== "true" && truncated !== "false") throw new Error(`IsTruncated is ${JSON.stringify(truncated)}`);
    if (truncated === "false") return { page, next: undefined };
    const key = decode(this.#page.get("NextKeyMarker") ?? "");
    if (key === "") throw new Error("it goes on, but the server does not say where");
    return { page, next: { key, versionId: this.#page.get("NextVersionIdMarker") || undefined } };
  }
}

function versionOf(name: "Version" | "DeleteMarker", fields: ReadonlyMap<string, string>): ObjectVersion {
  const isDeleteMarker = name === "DeleteMarker";
  const key = fields.get("Key") ?? "";
  const versionId = fields.get("VersionId") ?? "";
  const sizeBytes = isDeleteMarker ? 0 : listedSize(fields.get("Size") ?? "");
  if (key === "" || sizeBytes === undefined) throw new Error("a version without key or size");
  if (versionId === "") throw new Error(`a version of ${JSON.stringify(key)} without an id`);
  return {
    key,
    versionId,
    isLatest: fields.get("IsLatest")?.trim().toLowerCase() === "true",
    isDeleteMarker,
    sizeBytes,
    modifiedMs: listedTime(fields.get("LastModified") ?? ""),
    etag: isDeleteMarker ? "" : quotedEtag(fields.get("ETag") ?? ""),
    storageClass: fields.get("StorageClass"),
  };
}

/** Some servers write all delete markers behind all versions of the page. */
function inOrder(versions: readonly ObjectVersion[]): readonly ObjectVersion[] {
  const isSorted = versions.every(({ key }, at) => at === 0 || compareKeys(versions[at - 1]?.key ?? "", key) <= 0);
  if (isSorted) return versions;
  return [...versions].sort(
    (a, b) => compareKeys(a.key, b.key) || Number(b.isLatest) - Number(a.isLatest) || b.modifiedMs - a.modifiedMs,
  );
}
