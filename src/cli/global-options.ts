/** The options that every command understands, and the depot's options that they stand for. */
import type { EntrepotOptions } from "../depot/index.ts";
import { choice, count, type Flag, flag, text, type ValueOption, type ValuesOf } from "./option.ts";
import { UsageError } from "./usage-error.ts";

/** How the store is reached and what is kept; help shows them once, under "settings". */
export const settingOptions: {
  readonly profile: ValueOption<string>;
  readonly region: ValueOption<string>;
  readonly endpoint: ValueOption<string>;
  readonly anonymous: Flag;
  readonly addressing: ValueOption<"path" | "virtual">;
  readonly "requester-pays": Flag;
  readonly sse: ValueOption<"AES256" | "aws:kms" | "aws:kms:dsse">;
  readonly "sse-kms-key-id": ValueOption<string>;
  readonly "expected-bucket-owner": ValueOption<string>;
  readonly "allow-insecure-endpoint": Flag;
  readonly offline: Flag;
  readonly online: Flag;
  readonly outbox: Flag;
  readonly "no-cache": Flag;
  readonly "cache-dir": ValueOption<string>;
  readonly location: ValueOption<string>;
  readonly attempts: ValueOption<number>;
} = {
  profile: text("NAME", "a profile of AWS's config and credentials files"),
  region: text("NAME", "e.g. us-east-2"),
  endpoint: text("URL", "an S3 server other than AWS, e.g. http://127.0.0.1:9000"),
  anonymous: flag("do not sign: for public data, without credentials"),
  addressing: choice(["path", "virtual"], "where the bucket's name stands in the URL"),
  "requester-pays": flag("agree to pay for requests to others' buckets"),
  sse: choice(["AES256", "aws:kms", "aws:kms:dsse"], "how the server encrypts what is written"),
  "sse-kms-key-id": text("KEY", "the key of KMS for that"),
  "expected-bucket-owner": text("ACCOUNT", "the account, 12 digits, that must own the bucket"),
  "allow-insecure-endpoint": flag("allow http:// to another machine"),
  offline: flag("send no packet: read from local copies only"),
  online: flag("never fall back on local copies"),
  outbox: flag("writes wait here while the server is away, for offline push"),
  "no-cache": flag("neither read nor keep local copies"),
  "cache-dir": text("DIR", "where local copies are kept"),
  location: text("NAME", "the root that bare names lie under, e.g. local or cloud"),
  attempts: count("N", "tries of a request (default 10; 3 s while nobody listens)", undefined, 1),
};

/** How the command speaks. */
export const speechOptions: {
  readonly json: Flag;
  readonly quiet: Flag;
  readonly debug: Flag;
  readonly help: Flag;
} = {
  json: flag("one JSON object a line, errors too"),
  quiet: flag("only results and errors", "q"),
  debug: flag("tell every request, and the stack of an error"),
  help: flag("this text", "h"),
};

export const globalOptions: typeof settingOptions & typeof speechOptions = { ...settingOptions, ...speechOptions };
export type GlobalValues = ValuesOf<typeof globalOptions>;

/** The depot's options for these values; UsageError when two contradict each other. */
export function depotOptions(values: GlobalValues): EntrepotOptions {
  if (values.anonymous && values.profile !== undefined) throw contradiction("--anonymous", "--profile");
  if (values.offline && values.online) throw contradiction("--offline", "--online");
  if (values["no-cache"] && values["cache-dir"] !== undefined) throw contradiction("--no-cache", "--cache-dir");
  if (values["no-cache"] && values.offline) throw contradiction("--no-cache", "--offline");
  const identity = values.anonymous ? ({ anonymous: true } as const) : { profile: values.profile };
  const network = values.offline ? "offline" : values.online ? "online" : undefined;
  const dir = values["cache-dir"];
  return {
    ...identity,
    region: values.region,
    endpoint: values.endpoint,
    addressing: values.addressing,
    requesterPays: values["requester-pays"] || undefined,
    sse: sseOf(values),
    expectedBucketOwner: values["expected-bucket-owner"],
    allowInsecureEndpoint: values["allow-insecure-endpoint"] || undefined,
    location: values.location,
    network,
    outbox: values.outbox || undefined,
    retries: values.attempts === undefined ? undefined : { attempts: values.attempts },
    cache: values["no-cache"] ? false : dir === undefined ? undefined : { dir },
  };
}

function sseOf(values: GlobalValues): EntrepotOptions["sse"] {
  const { sse, "sse-kms-key-id": kmsKeyId } = values;
  if (kmsKeyId === undefined) return sse;
  if (sse !== undefined && sse !== "aws:kms") throw contradiction(`--sse ${sse}`, "--sse-kms-key-id");
  return { kmsKeyId };
}

function contradiction(one: string, other: string): UsageError {
  return new UsageError(`${one} and ${other} contradict each other`, "give one of them");
}
