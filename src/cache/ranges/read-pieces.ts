/**
 * A range without a whole copy: the blocks that are here from their pieces, the others in one request, which also says whether the
 * pieces are still the current version. All bytes of a call are of one version.
 */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import {
  type BodySink,
  type ByteRange,
  isStrongEtag,
  type ObjectInfo,
  type ReadOptions,
  type ReadResult,
  type ResolvedRange,
  resolveRange,
} from "../../store/index.ts";
import { type Answer, ask, watched } from "../ask.ts";
import { type Desk, notCached } from "../desk.ts";
import type { Looked } from "../entry-reader.ts";
import type { EntryId } from "../layout.ts";
import { checkMatch } from "../obtain.ts";
import { changed, readRest } from "../rest.ts";
import { type AnswerSettings, AnswerSink } from "./answer-sink.ts";
import { PieceKeeper } from "./piece-keeper.ts";
import { type PiecedVersion, PieceGone } from "./pieces.ts";
import { isNothing, planRange, wholeBlocks } from "./plan.ts";
import { RangeProgress } from "./range-progress.ts";

/** After so many pieces that went away under one call the disk is left alone. */
const maxTries = 4;

export interface PieceReadOptions extends ReadOptions {
  readonly range: ByteRange;
}

/** Whether a version may be used without asking. A clock that went back makes nothing fresh. */
export function isVersionFresh(desk: Desk, id: EntryId, { checkedMs, expired }: PiecedVersion): boolean {
  if (id.immutable) return true;
  const ageMs = desk.now() - checkedMs;
  return !expired && ageMs >= 0 && ageMs < (desk.options.maxAgeMs ?? 0);
}

/** What one request is for. */
interface RequestSettings extends Pick<AnswerSettings, "wanted" | "before"> {
  readonly ifMatch?: string | undefined;
  /** Gives what comes after the answer. */
  readonly after?: (() => Promise<void>) | undefined;
}

export class PieceRead {
  readonly #desk: Desk;
  readonly #id: EntryId;
  readonly #sink: BodySink;
  readonly #options: PieceReadOptions;
  readonly #progress: RangeProgress;

  constructor(desk: Desk, id: EntryId, sink: BodySink, options: PieceReadOptions) {
    this.#desk = desk;
    this.#id = id;
    this.#sink = sink;
    this.#options = options;
    this.#progress = new RangeProgress(sink, options.signal);
  }

  /** Whether the sink has something. */
  get begun(): boolean {
    return this.#progress.begun;
  }

  /** `found` is what is here of the version that is asked for; `undefined` uses nothing that is here. `looked` says why there is no whole copy. */
  async read(found: PiecedVersion | undefined, looked: Looked<never> = "none"): Promise<ReadResult | "not-modified"> {
    const { circuit } = this.#desk.options;
    let version = found !== undefined && this.#suits(found) ? found : undefined;
    for (let tries = 0; tries < maxTries; tries += 1) {
      try {
        if (version !== undefined) return await this.#readFrom(version);
        if (this.#isOffline) throw notCached(this.#id.uri, looked);
        return known(await this.fetch());
      } catch (error) {
        const next = await this.#after(error, version);
        if (typeof next === "string" || (next !== undefined && "range" in next)) return next;
        version = next;
      }
    }
    const direct = () => this.#desk.store.read(this.#id.key, this.#sink, this.#options);
    return watched(circuit.insist(), this.#options.signal, direct);
  }

  /** Asks for the whole blocks around the range, unless the object is still the version `here`. */
  fetch(here?: Pick<ObjectInfo, "etag" | "sizeBytes">): Promise<Answer> {
    const { range, ifMatch } = this.#options;
    if (isNothing(range)) return this.#pass(here?.etag);
    const { uri } = this.#id;
    const wanted = (info: ObjectInfo) => {
      checkMatch(uri, ifMatch, info);
      return resolveRange(range, info.sizeBytes, uri);
    };
    if (here === undefined) return this.#ask(wholeBlocks(range, undefined), { wanted, ifMatch });
    const asked = isStrongEtag(here.etag) ? wholeBlocks(range, here.sizeBytes) : range;
    return this.#ask(asked, { wanted }, here.etag);
  }

  /** Whether the caller's own conditions speak of this version. */
  #suits(version: PiecedVersion): boolean {
    const { ifMatch, ifNoneMatch, range } = this.#options;
    const { etag, sizeBytes } = version.info;
    if ((ifMatch ?? etag) !== etag || (ifNoneMatch ?? etag) !== etag) return false;
    // A newer version may be longer.
    return range.suffix !== undefined || range.start <= sizeBytes || this.#isNamed(version);
  }

  get #isOffline(): boolean {
    return this.#desk.options.network === "offline";
  }

  /** Whether this version is meant, without asking. */
  #isNamed(version: PiecedVersion): boolean {
    return this.#isOffline || this.#options.ifMatch !== undefined || isVersionFresh(this.#desk, this.#id, version);
  }

  async #readFrom(version: PiecedVersion): Promise<ReadResult | "not-modified"> {
    const { info, pieces } = version;
    const { ifNoneMatch } = this.#options;
    const range = resolveRange(this.#options.range, info.sizeBytes, this.#id.uri);
    const isNamed = this.#isNamed(version);
    if (ifNoneMatch !== undefined && isNamed) return "not-modified";
    const { missing, missingBytes } = planRange(range, info.sizeBytes, pieces);
    if (missing !== undefined) {
      if (this.#isOffline) throw notHere(this.#id.uri, missingBytes, range);
      const isOfUse = missing.start > range.start || missing.end < range.end;
      return known(isOfUse ? await this.#fetchMissing(version, range, missing) : await this.fetch());
    }
    if (!isNamed) {
      const answer = await this.fetch(info);
      if (typeof answer !== "string") return answer;
      this.#noteAnswer(answer, version);
      if (ifNoneMatch !== undefined) return "not-modified";
    }
    this.#progress.prepare(info, range);
    await this.#deliver(version, range);
    this.#progress.begin();
    return { info, range, verified: "length" };
  }

  /** What is missing, if the object is still this version; what is here comes before and after it. */
  #fetchMissing(version: PiecedVersion, range: ResolvedRange, missing: ResolvedRange): Promise<Answer> {
    const { etag, sizeBytes } = version.info;
    const { uri } = this.#id;
    const before = { start: range.start, end: missing.start };
    return this.#ask(missing, {
      ifMatch: etag,
      wanted: (info) => {
        checkMatch(uri, etag, info);
        if (info.sizeBytes !== sizeBytes) throw changed(uri);
        return range;
      },
      before: before.start < before.end ? () => this.#deliver(version, before) : undefined,
      after: () => this.#deliver(version, { start: missing.end, end: range.end }),
    });
  }

  #deliver(version: PiecedVersion, range: ResolvedRange): Promise<void> {
    return this.#desk.shelf.pieces.deliver(version, range, (chunk) => this.#progress.write(chunk));
  }

  #noteAnswer(answer: "not-modified" | "out-of-reach", version: PiecedVersion): void {
    const { shelf, now, options } = this.#desk;
    if (answer === "not-modified") shelf.pieces.confirm(version);
    else options.onStale?.({ uri: this.#id.uri, ageMs: Math.max(0, now() - version.checkedMs) });
  }

  async #ask(
    range: ByteRange,
    { wanted, before, after, ifMatch }: RequestSettings,
    copyEtag?: string,
  ): Promise<Answer> {
    const { hash, key } = this.#id;
    const { shelf, changes } = this.#desk;
    const operation = changes.beginRead(hash);
    const isUsable = await shelf.isUsable(hash);
    const openKeeper = () => (isUsable ? new PieceKeeper(this.#desk, this.#id, () => operation.isNewest()) : undefined);
    const sink = new AnswerSink({ progress: this.#progress, openKeeper, wanted, before });
    let keeping: Promise<unknown> | undefined;
    try {
      const answer = await ask(this.#desk, key, sink, { ...this.#options, range, ifMatch }, copyEtag);
      if (typeof answer === "string") return answer;
      await after?.();
      this.#progress.begin();
      await sink.finish();
      await shelf.pieces.keepOnly(hash, answer.info.etag);
      return { info: answer.info, range: sink.wanted, verified: after === undefined ? answer.verified : "length" };
    } catch (error) {
      if (isEntrepotError(error, "not-found")) await shelf.forget(hash, () => operation.isNewest());
      // What came whole before a reader left is kept; what did not stand its test is not.
      keeping = isEntrepotError(error, "integrity") ? sink.discard() : sink.finish();
      throw error;
    } finally {
      if (keeping === undefined) operation.end();
      else shelf.later(keeping.finally(() => operation.end()));
    }
  }

  /** A range without a byte. */
  async #pass(copyEtag: string | undefined): Promise<Answer> {
    const { hash, key } = this.#id;
    const operation = this.#desk.changes.beginRead(hash);
    try {
      return await ask(this.#desk, key, this.#sink, this.#options, copyEtag);
    } catch (error) {
      if (isEntrepotError(error, "not-found")) await this.#desk.shelf.forget(hash, () => operation.isNewest());
      throw error;
    } finally {
      operation.end();
    }
  }

  /** What to go on with; throws when that is nothing. */
  async #after(
    error: unknown,
    version: PiecedVersion | undefined,
  ): Promise<ReadResult | "not-modified" | PiecedVersion | undefined> {
    if (version === undefined) throw error;
    const { uri, key } = this.#id;
    if (error instanceof PieceGone) {
      if (!this.begun) return this.#desk.shelf.pieces.again(version);
      if (this.#isOffline) throw notCached(uri, "damaged");
      const range = resolveRange(this.#options.range, version.info.sizeBytes, uri);
      const begun = { info: version.info, range, offset: this.#progress.at };
      return readRest(this.#desk, key, this.#sink, begun, this.#options);
    }
    // Another version than the pieces are of, about which the caller said nothing.
    const isOurs = isEntrepotError(error, "precondition-failed", "changed") && this.#options.ifMatch === undefined;
    if (!isOurs) throw error;
    if (this.begun && !this.#progress.restartable) throw changed(uri, error);
    return undefined;
  }
}

/** Without a copy at hand there is no third answer. */
function known(answer: Answer): ReadResult | "not-modified" {
  if (answer === "out-of-reach") throw new TypeError("nothing was at hand");
  return answer;
}

function notHere(uri: string, missingBytes: number, { start, end }: ResolvedRange): EntrepotError {
  const message = `Offline, and ${missingBytes} of the ${end - start} bytes asked for of ${uri} are not here`;
  const hint = `Go online and read them once, or fetch all of it: entrepot path ${JSON.stringify(uri)}`;
  return new EntrepotError("not-cached", message, { uri, hint });
}
