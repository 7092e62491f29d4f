/** What a job is: the words of the call that began it, which a second call says again. */
import { hash } from "node:crypto";
import { plainAddress } from "./plain-address.ts";
import type { LineRecord } from "./sealed-lines.ts";

export type JobVerb = "copy" | "move" | "remove" | "sync";

/** What makes two calls the same job. */
export interface JobIdentity {
  readonly verb: JobVerb;
  /** An address; `undefined` for a list, which is known by what is in it. */
  readonly from: string | undefined;
  /** An address; `undefined` for a removal. */
  readonly to: string | undefined;
  /** Plain values that change what is done: conditions, filters, whose servers. */
  readonly options: LineRecord;
  /** In words, by the addresses of the buckets: whose servers they are asked at, as whom and under which terms. */
  readonly services?: Readonly<Record<string, string>> | undefined;
}

export interface IdentifiedJob {
  readonly id: string;
  readonly identity: JobIdentity;
}

export interface JobHeader extends JobIdentity {
  readonly id: string;
  readonly createdMs: number;
  readonly objects: number;
  readonly sizeBytes: number;
}

/** `list` is a digest of all addresses, where there is no one address. */
export function jobId({ verb, from, to, options, services = {} }: JobIdentity, list: string | undefined): string {
  const said = JSON.stringify([
    verb,
    from ?? null,
    to ?? null,
    sorted(options),
    sorted(services),
    from === undefined ? (list ?? "") : "",
  ]);
  return hash("sha256", said).slice(0, 16);
}

export function headerLine(header: JobHeader): LineRecord {
  const { from } = header;
  return { job: header.id, ...header, from: from === undefined ? undefined : plainAddress(from).uri };
}

/** `undefined` for what is none of ours. */
export function parseHeader(line: LineRecord | undefined): JobHeader | undefined {
  if (line === undefined || typeof line["job"] !== "string") return undefined;
  const { verb, from, to, options, services, createdMs, objects, sizeBytes } = line as Partial<Record<string, unknown>>;
  if (typeof verb !== "string" || typeof createdMs !== "number" || typeof options !== "object" || options === null)
    return undefined;
  return {
    id: line["job"],
    verb: verb as JobVerb,
    from: typeof from === "string" ? from : undefined,
    to: typeof to === "string" ? to : undefined,
    options: options as LineRecord,
    services: (services ?? {}) as Readonly<Record<string, string>>,
    createdMs,
    objects: Number(objects),
    sizeBytes: Number(sizeBytes),
  };
}

function sorted(options: LineRecord): readonly (readonly [string, unknown])[] {
  return Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
