/** What the environment says beside the settings: names of older tools, proxies, and what a `.env` may not decide. */
import { redact } from "../error/index.ts";
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
const direct = "not honoured yet: every connection is direct";
/** What other tools take from the environment, and what it does here; no text: it is honoured. */
const networkNames: readonly { readonly name: string; readonly instead?: string }[] = [
  ...["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"].map(
    (name) => ({ name, instead: direct }),
  ),
  { name: "AWS_CA_BUNDLE", instead: "not honoured yet: name the same file in NODE_EXTRA_CA_CERTS" },
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

/** Proxies and certificates, without the passwords in them; a note where the variable changes nothing. */
export function networkFindings(env: Environment): Finding[] {
  return networkNames
    .filter(({ name }) => isSet(env[name]))
    .map(({ name, instead }) =>
      finding(`env.${name}`, redact(env[name] ?? ""), {
        source: "environment",
        status: instead === undefined ? "ok" : "note",
        hint: instead,
      }),
    );
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
