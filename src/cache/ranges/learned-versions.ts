/** What the heads of pieces say of their versions, so that not every read has to look into one. */
import type { ObjectInfo } from "../../store/index.ts";
import { versionDigest } from "../layout.ts";

const mostVersions = 10_000;

export interface LearnedVersion {
  readonly info: ObjectInfo;
  /** When the server last said that this is the current version, milliseconds since 1970, as far as this process knows. */
  readonly checkedMs: number;
  /** Something newer may exist: no age makes this fresh. */
  readonly expired: boolean;
}

/** Of the entries of one folder; what was learnt longest ago is forgotten first. */
export class LearnedVersions {
  readonly #versions = new Map<string, Omit<LearnedVersion, "expired">>();
  readonly #expiredMs = new Map<string, number>();

  get(entry: string, digest: string): LearnedVersion | undefined {
    const learned = this.#versions.get(`${entry}+${digest}`);
    return learned && this.#aged(entry, learned);
  }

  /** `checkedMs` is when the server said so. */
  note(entry: string, info: ObjectInfo, checkedMs: number): LearnedVersion {
    const name = `${entry}+${versionDigest(info.etag)}`;
    const before = this.#versions.get(name)?.checkedMs ?? checkedMs;
    const learned = { info, checkedMs: Math.max(checkedMs, before) };
    put(this.#versions, name, learned);
    return this.#aged(entry, learned);
  }

  /** What was said until `nowMs` may not be true any more. */
  expire(entry: string, nowMs: number): void {
    put(this.#expiredMs, entry, nowMs);
  }

  #aged(entry: string, learned: Omit<LearnedVersion, "expired">): LearnedVersion {
    return { ...learned, expired: learned.checkedMs <= (this.#expiredMs.get(entry) ?? Number.NEGATIVE_INFINITY) };
  }
}

function put<T>(map: Map<string, T>, name: string, value: T): void {
  map.delete(name);
  map.set(name, value);
  const [oldest] = map.keys();
  if (oldest !== undefined && map.size > mostVersions) map.delete(oldest);
}
