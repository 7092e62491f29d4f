/** What the environment says beside the settings: names of older tools, proxies, and what a `.env` may not decide. */
import { closest, redact } from "../error/index.ts";
import { type Finding, finding } from "./finding.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Names that users of the source systems have, and what each is understood as. */
const legacyNames: readonly { readonly name: string; readonly today: string }[] = [
  { name: "S3STASHER_ENV", today: "ENTREPOT_ENV_FILE" },
  { name: "S3STASHER_CACHE_DIR", today: "ENTREPOT_CACHE_DIR" },
  { name: "S3STASHER_FILE_MODE", today: "ENTREPOT_CACHE_MODE" },
  { name: "CloudData", today: "ENTREPOT_LOCATION" },
  { name: "CLOUD_EXECUTION", today: "ENTREPOT_LOCATION" },
  { name: "AWS_MODEL_BUCKET", today: "ENTREPOT_ROOT_CLOUD" },
  { name: "Region_Name", today: "AWS_REGION" },
  { name: "AWS_ACCESS_KEY_SECRET", today: "AWS_SECRET_ACCESS_KEY" },
  { name: "CLOUD_READ_BASEPATH", today: "ENTREPOT_ROOT_CLOUD" },
  { name: "CLOUD_WRITE_BASEPATH", today: "ENTREPOT_ROOT_CLOUD" },
  { name: "LOCAL_READ_BASEPATH", today: "ENTREPOT_ROOT_LOCAL" },
  { name: "LOCAL_WRITE_BASEPATH", today: "ENTREPOT_ROOT_LOCAL" },
];
const secretNames: ReadonlySet<string> = new Set(["AWS_ACCESS_KEY_SECRET"]);
/** Names of ours beside `ENTREPOT_ROOT_<NAME>`. */
export const ownNames: readonly string[] = [
  "ENTREPOT_ADDRESSING",
  "ENTREPOT_ANONYMOUS",
  "ENTREPOT_ATTEMPT",
  "ENTREPOT_CACHE",
  "ENTREPOT_CACHE_DIR",
  "ENTREPOT_CACHE_MAX_AGE",
  "ENTREPOT_CACHE_MAX_BYTES",
  "ENTREPOT_CACHE_MAX_OBJECTS",
  "ENTREPOT_CACHE_MIN_FREE_BYTES",
  "ENTREPOT_CACHE_MODE",
  "ENTREPOT_CACHE_OLDER_THAN",
  "ENTREPOT_CACHE_UNUSED_FOR",
  "ENTREPOT_CONCURRENCY",
  "ENTREPOT_ENDPOINT",
  "ENTREPOT_ENV_FILE",
  "ENTREPOT_FILES_DIR",
  "ENTREPOT_LOCATION",
  "ENTREPOT_MEMORY",
  "ENTREPOT_MODEL_VERSION",
  "ENTREPOT_NETWORK",
  "ENTREPOT_OPTIONS",
  "ENTREPOT_OUTBOX",
  "ENTREPOT_OUTPUT_DIR",
  "ENTREPOT_OUTPUT_URI",
  "ENTREPOT_POLICY_ID",
  "ENTREPOT_REDIRECTS",
  "ENTREPOT_RUNS",
  "ENTREPOT_RUN_FILE",
  "ENTREPOT_RUN_ID",
];
/** What decides how machines are reached, each with the names that decide before it. */
const networkNames: readonly { readonly name: string; readonly before?: readonly string[] }[] = [
  { name: "https_proxy" },
  { name: "HTTPS_PROXY", before: ["https_proxy"] },
  { name: "http_proxy" },
  { name: "HTTP_PROXY", before: ["http_proxy"] },
  { name: "all_proxy" },
  { name: "ALL_PROXY", before: ["all_proxy"] },
  { name: "no_proxy" },
  { name: "NO_PROXY", before: ["no_proxy"] },
  { name: "AWS_CA_BUNDLE" },
  // Node reads it at its start, for everything that it connects to
  { name: "NODE_EXTRA_CA_CERTS" },
];

/** The older names that are set, and which name decides instead of each where that is set, too. */
export function legacyFindings(env: Environment): Finding[] {
  return legacyNames.flatMap(({ name, today }) => {
    const value = env[name];
    if (value === undefined || value === "") return [];
    const overruled = isSet(env[today]);
    return [
      finding(`env.${name}`, secretNames.has(name) ? "set" : value, {
        source: "environment",
        status: overruled ? "note" : "ok",
        hint: overruled ? `${today} is set as well and decides` : `understood as ${today}`,
      }),
    ];
  });
}

/** Names that look like ours and are none: without a word, what they were meant to set would stay as it is. */
export function unknownFindings(env: Environment): Finding[] {
  return Object.keys(env)
    .filter((name) => name.startsWith("ENTREPOT_") && !name.startsWith("ENTREPOT_ROOT_") && !ownNames.includes(name))
    .map((name) => {
      const meant = closest(name, ownNames);
      const hint = `it sets nothing${meant === undefined ? "" : `; ${meant} does`}; entrepot help settings has all names`;
      return finding(`env.${name}`, "unknown", { source: "environment", status: "note", hint });
    });
}

/** Proxies and certificates, without the passwords in them; a note where the variable changes nothing. */
export function networkFindings(env: Environment): Finding[] {
  return networkNames
    .filter(({ name }) => isSet(env[name]))
    .map(({ name, before = [] }) => {
      const decider = before.find((other) => isSet(env[other]));
      const cgi = name === "HTTP_PROXY" && isSet(env["REQUEST_METHOD"]);
      const hint = decider === undefined ? (cgi ? ignoredInCgi : undefined) : `${decider} is set as well and decides`;
      const status = hint === undefined ? "ok" : "note";
      return finding(`env.${name}`, withoutPassword(env[name] ?? ""), { source: "environment", status, hint });
    });
}

const ignoredInCgi =
  "ignored: REQUEST_METHOD is set, and in a CGI program a client decides this variable; use http_proxy";

/** Also of an address without a scheme, as people write it. */
function withoutPassword(text: string): string {
  return redact(text.replace(/^(?![a-z][a-z0-9+.-]*:\/\/).*@/i, "REDACTED@"));
}

/** Names that the `.env` of the working folder tried to set and may not. */
export function refusedFindings(names: readonly string[]): Finding[] {
  return names.map((name) =>
    finding(`env.${name}`, "ignored", {
      source: ".env of the working folder",
      status: "note",
      hint: "a folder may not say which server, file or command gets your credentials; put it into ~/.entrepot.env",
    }),
  );
}

/** Half a key is a mistake that AWS's chain passes over in silence. */
export function credentialFindings(env: Environment): Finding[] {
  const id = env["AWS_ACCESS_KEY_ID"];
  const secret = env["AWS_SECRET_ACCESS_KEY"] ?? env["AWS_ACCESS_KEY_SECRET"];
  if (isSet(id) === isSet(secret)) return [];
  const [there, missing] = isSet(id)
    ? ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
    : ["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"];
  return [
    finding(`env.${missing}`, "missing", {
      source: "environment",
      status: "problem",
      hint: `${there} is set without it, so both are passed over; set both or neither`,
      code: "misconfigured",
    }),
  ];
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
