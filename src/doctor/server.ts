/** What the answers of a server tell beside what was asked: its clock, its region, its checksums, and whether it is an S3 server. */
import { type Finding, finding } from "./finding.ts";
import type { Seen } from "./witness.ts";

/** S3 refuses from this difference on; below, one that is worth a word. Milliseconds. */
const refusedSkewMs = 15 * 60_000;
const wordSkewMs = 60_000;

/** Nothing where nothing was seen. `configured` is the region of the settings. */
export function serverFindings(seen: readonly Seen[], configured: string): Finding[] {
  const last = seen.at(-1);
  if (last === undefined) return [];
  return [...identityOf(seen), ...clock(last), ...region(seen, configured), ...checksums(seen), ...restore(seen)];
}

/** S3 numbers its answers, or answers in XML. */
function identityOf(seen: readonly Seen[]): Finding[] {
  const isS3 = ({ headers }: Seen) => {
    const type = headers["content-type"] ?? "";
    const names = Object.keys(headers);
    return /\bxml\b/.test(type) || "etag" in headers || names.some((name) => /^x-(?:amz|rgw|minio|goog)-/.test(name));
  };
  const server = seen.find(({ headers }) => headers["server"] !== undefined)?.headers["server"];
  const name = server === undefined ? "does not say what it is" : server.slice(0, 80);
  if (seen.some(isS3)) return [finding("server", name)];
  const type = seen.find(({ headers }) => headers["content-type"])?.headers["content-type"] ?? "nothing that S3 says";
  return [
    finding("server", `${name}; answered ${type}`, {
      status: "problem",
      code: "protocol",
      hint: "what answers there is no S3 server: check host and port of the endpoint (--endpoint, AWS_ENDPOINT_URL)",
    }),
  ];
}

function clock({ headers, atMs }: Seen): Finding[] {
  const serverMs = Date.parse(headers["date"] ?? "");
  if (Number.isNaN(serverMs)) return [];
  const skewMs = serverMs - atMs;
  const size = Math.abs(skewMs);
  // the header counts whole seconds
  if (size < wordSkewMs) return [finding("clock", `as the server's, within ${Math.ceil(size / 1000) + 1} s`)];
  const value = `${Math.round(size / 60_000)} min ${skewMs > 0 ? "behind" : "ahead of"} the server's`;
  const signs = size < refusedSkewMs ? "" : "; entrepot signs with the server's time, other tools are refused";
  return [
    finding("clock", value, {
      status: "note",
      hint: `set this machine's clock: timedatectl set-ntp true${signs}`,
    }),
  ];
}

function region(seen: readonly Seen[], configured: string): Finding[] {
  const said = seen.map(({ headers }) => headers["x-amz-bucket-region"]).find((name) => name !== undefined);
  // what was signed for another region than the settings say was learned from a refusal
  const learned = seen.findLast(({ region: name }) => name !== undefined && name !== configured)?.region;
  const found = said ?? learned;
  if (found === undefined || !/^[a-z0-9-]{1,40}$/.test(found)) return [];
  if (found === configured) return [finding("bucket.region", found)];
  return [
    finding("bucket.region", `${found}, and not ${configured}`, {
      status: "note",
      hint: `found out with one more request each time; add --region ${found}, or set AWS_REGION=${found}`,
    }),
  ];
}

function checksums(seen: readonly Seen[]): Finding[] {
  const objects = seen.filter(({ headers, status }) => "etag" in headers && status < 300);
  if (objects.length === 0) return [];
  const names = objects.flatMap(({ headers }) =>
    Object.keys(headers).flatMap((name) => /^x-amz-checksum-(crc32c?|crc64nvme|sha1|sha256)$/.exec(name)?.[1] ?? []),
  );
  const value = names.length === 0 ? "none in these answers" : [...new Set(names)].join(", ").toUpperCase();
  return [finding("checksum", value)];
}

function restore(seen: readonly Seen[]): Finding[] {
  const said = seen.map(({ headers }) => headers["x-amz-restore"]).find((text) => text !== undefined);
  if (said === undefined) return [];
  const ongoing = said.includes('ongoing-request="true"');
  return [
    finding("restore", ongoing ? "under way" : "done, for a while", {
      status: ongoing ? "note" : "ok",
      hint: ongoing ? "the archive is being read; try again in some hours" : undefined,
    }),
  ];
}
