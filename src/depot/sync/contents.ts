/**
 * Whether two objects of the same size hold the same bytes, found out with as few requests as will do: what is at hand is read here,
 * of what is on a server only the checksum is asked for. Nothing is fetched.
 */
import { type ChecksumAlgorithm, type RunningChecksum, startChecksum } from "../../checksum/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import type { BodySink, ObjectInfo } from "../../store/index.ts";
import { etagDigest, likelyPartSizes, PartedMd5 } from "./etag-digest.ts";
import { type Found, keyOf, type Side } from "./found.ts";
import type { Compare } from "./types.ts";
import { etagDiffers, judgeTime, type Verdict } from "./verdict.ts";

/** One object of one side. */
interface Object {
  readonly side: Side;
  readonly found: Found;
}

export interface ContentsOptions {
  readonly compare: Compare;
  readonly signal?: AbortSignal | undefined;
}

/** Errors: those of reading what is at hand, and of a server that does not answer. */
export async function compareContents(source: Object, target: Object, options: ContentsOptions): Promise<Verdict> {
  const { kind: from } = source.side;
  const { kind: to } = target.side;
  const told =
    from === "server" && to === "server"
      ? await betweenServers(source, target, options)
      : from === "at-hand" && to === "at-hand"
        ? await betweenFiles(source, target, options)
        : await withServer(...(from === "server" ? ([target, source] as const) : ([source, target] as const)), options);
  if (told !== undefined) return told;
  if (options.compare === "checksum")
    return { same: false, means: "checksum", reason: "nothing to compare the contents by" };
  return judgeTime(source.found, target.found, { from: source.side, to: target.side });
}

/** The target is asked only where the source keeps something to compare by. */
async function betweenServers(source: Object, target: Object, options: ContentsOptions): Promise<Verdict | undefined> {
  const from = await ask(source, options);
  const mayBeDigests = [source, target].every(({ found }) => etagDigest(found.etag)?.parts === 0);
  if (from === undefined || !(keepsAny(from) || (mayBeDigests && isPlain(from)))) return undefined;
  const to = await ask(target, options);
  if (to === undefined) return undefined;
  for (const algorithm of algorithms) {
    const [ours, theirs] = [from.checksums?.[algorithm], to.checksums?.[algorithm]];
    if (ours !== undefined && theirs !== undefined) return byChecksum(ours === theirs, algorithm);
  }
  const areDigests = [from, to].every((info) => etagDigest(info.etag)?.parts === 0 && isPlain(info));
  return areDigests ? etagDiffers : undefined;
}

async function betweenFiles(source: Object, target: Object, options: ContentsOptions): Promise<Verdict | undefined> {
  const [ours, theirs] = await Promise.all(
    [source, target].map((object) => digestsOf(object, [startChecksum("MD5")], options)),
  );
  return byChecksum(ours?.[0]?.equals(theirs?.[0] ?? new Uint8Array()) === true, "MD5");
}

/** `here` is at hand, `there` is not. The ETag may tell without a request; only what it leaves open is asked for. */
async function withServer(here: Object, there: Object, options: ContentsOptions): Promise<Verdict | undefined> {
  const digest = etagDigest(there.found.etag);
  if (digest !== undefined) {
    const running =
      digest.parts === 0
        ? [startChecksum("MD5")]
        : likelyPartSizes(here.found.sizeBytes, digest.parts).map((size) => new PartedMd5(size));
    const digests = running.length === 0 ? [] : await digestsOf(here, running, options);
    if (digests.some((each) => each.toString("hex") === digest.md5)) return byChecksum(true, "MD5");
    // A copy is right in any case; only who asks for exactness is worth a request for each object that has changed.
    if (digest.parts === 0 && options.compare === "auto") return byChecksum(false, "MD5");
  }
  const info = await ask(there, options);
  const algorithm = algorithms.find((each) => info?.checksums?.[each] !== undefined);
  if (info === undefined || (algorithm === undefined && !(digest?.parts === 0 && isPlain(info)))) return undefined;
  if (algorithm === undefined) return byChecksum(false, "MD5");
  const [own] = await digestsOf(here, [startChecksum(algorithm)], options);
  return byChecksum(own?.toString("base64") === info.checksums?.[algorithm], algorithm);
}

/** In the order of what they cost here. */
const algorithms: readonly ChecksumAlgorithm[] = ["CRC32", "SHA1", "SHA256", "MD5", "CRC64NVME", "CRC32C"];

function keepsAny({ checksums }: ObjectInfo): boolean {
  return algorithms.some((each) => checksums?.[each] !== undefined);
}

/** Whether its ETag is a digest of what was uploaded, if it looks like one. */
function isPlain({ encryption }: ObjectInfo): boolean {
  return encryption === undefined || encryption === "AES256";
}

function byChecksum(same: boolean, algorithm: ChecksumAlgorithm): Verdict {
  return { same, means: "checksum", reason: same ? `same ${algorithm}` : `${algorithm} differs` };
}

/** What the server keeps; `undefined` where it may or can not say so. */
async function ask({ side, found }: Object, { signal }: ContentsOptions): Promise<ObjectInfo | undefined> {
  const { store } = side;
  try {
    return await store.stat(keyOf(side, found), { signal, checksums: true });
  } catch (error) {
    // The right to list is not that to read, and without a network the copy that follows says what is wrong.
    if (isEntrepotError(error, "not-found", "forbidden", "unsupported", "unreachable", "not-cached")) return undefined;
    throw error;
  }
}

/** Reads the object once into all of them. Error: changed, for one that is no longer what was listed. */
async function digestsOf(
  { side, found }: Object,
  running: readonly Pick<RunningChecksum, "update" | "digest">[],
  { signal }: ContentsOptions,
): Promise<readonly Buffer[]> {
  const { store } = side;
  let readBytes = 0;
  const sink: BodySink = {
    start() {},
    write(chunk) {
      readBytes += chunk.byteLength;
      for (const each of running) each.update(chunk);
    },
  };
  await store.read(keyOf(side, found), sink, { signal });
  if (readBytes === found.sizeBytes) return running.map((each) => Buffer.from(each.digest()));
  const { uri } = found;
  throw new EntrepotError("changed", `${uri} was replaced while it was compared`, {
    uri,
    hint: "nothing was done to it; sync again",
  });
}
