/** One page of a listing, from its XML. */
import { EntrepotError } from "../../error/index.ts";
import type { ListPage, ObjectInfo } from "../object-store.ts";
import { quotedEtag } from "./etag.ts";
import { readXml, type XmlVisitor } from "./xml.ts";

interface ParsedPage {
  readonly page: ListPage;
  /** Where the next page begins; `undefined` after the last. */
  readonly nextToken: string | undefined;
}

/** Reads a page. Error: protocol when it is no listing, or a part of it is missing. */
export function parseListPage(body: Uint8Array, uri: string): ParsedPage {
  const reader = new PageReader();
  try {
    readXml(body, reader);
    return reader.finish();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EntrepotError("protocol", `listing ${uri}: ${why}`, { uri, cause });
  }
}

class PageReader implements XmlVisitor {
  #root = "";
  #parent = "";
  #encoded = false;
  #truncated: string | undefined;
  #token: string | undefined;
  #key: string | undefined;
  #size = "";
  #modified = "";
  #etag = "";
  #storageClass: string | undefined;
  readonly #objects: ObjectInfo[] = [];
  readonly #folders: string[] = [];

  open(name: string, depth: number): void {
    if (depth === 0) this.#root = name;
    else if (depth === 1) {
      this.#parent = name;
      if (name === "Contents") this.#clear();
    }
  }

  close(name: string, text: string, depth: number): void {
    if (depth === 2) {
      if (this.#parent === "Contents") this.#field(name, text);
      else if (this.#parent === "CommonPrefixes" && name === "Prefix") this.#folders.push(text);
    } else if (depth === 1) {
      if (name === "Contents") this.#object();
      else if (name === "IsTruncated") this.#truncated = text.trim();
      else if (name === "NextContinuationToken") this.#token = text;
      else if (name === "EncodingType") this.#encoded = text.trim() === "url";
    }
  }

  finish(): ParsedPage {
    if (this.#root !== "ListBucketResult") throw new Error(`the answer is <${this.#root}> and not a listing`);
    const goesOn = this.#goesOn();
    // The element that says so may come last.
    const objects = this.#encoded
      ? this.#objects.map((info) => ({ ...info, key: decodeListed(info.key) }))
      : this.#objects;
    const folders = this.#encoded ? this.#folders.map(decodeListed) : this.#folders;
    return { page: { objects, folders }, nextToken: goesOn ? this.#token : undefined };
  }

  #goesOn(): boolean {
    const isThereToken = (this.#token ?? "") !== "";
    const truncated = this.#truncated?.toLowerCase();
    if (truncated === undefined && isThereToken) throw new Error("a continuation token, but no word of going on");
    if (truncated !== undefined && truncated !== "true" && truncated !== "false") {
      throw new Error(`IsTruncated is ${JSON.stringify(this.#truncated)}`);
    }
    if (truncated === "true" && !isThereToken) throw new Error("it goes on, but the server does not say where");
    return truncated === "true";
  }

  #clear(): void {
    this.#key = undefined;
    this.#size = "";
    this.#modified = "";
    this.#etag = "";
    this.#storageClass = undefined;
  }

  #field(name: string, text: string): void {
    if (name === "Key") this.#key = text;
    else if (name === "Size") this.#size = text;
    else if (name === "LastModified") this.#modified = text;
    else if (name === "ETag") this.#etag = quotedEtag(text);
    else if (name === "StorageClass") this.#storageClass = text;
  }

  #object(): void {
    const sizeBytes = listedSize(this.#size);
    if (this.#key === undefined || this.#key === "" || sizeBytes === undefined) {
      throw new Error("an object without key or size");
    }
    this.#objects.push({
      key: this.#key,
      sizeBytes,
      modifiedMs: listedTime(this.#modified),
      etag: this.#etag,
      versionId: undefined,
      storageClass: this.#storageClass,
    });
  }
}

/** Bytes; `undefined` for what is no size. */
export function listedSize(text: string): number | undefined {
  const sizeBytes = Number(text.trim());
  return /^\s*\d{1,16}\s*$/.test(text) && Number.isSafeInteger(sizeBytes) ? sizeBytes : undefined;
}

/** Milliseconds since 1970, 0 for what is no time. */
export function listedTime(text: string): number {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? 0 : ms;
}

/** A blank comes as `+`, a plus as `%2B`. Throws for what is no UTF-8. */
export function decodeListed(text: string): string {
  return /[%+]/.test(text) ? decodeURIComponent(text.replaceAll("+", " ")) : text;
}
