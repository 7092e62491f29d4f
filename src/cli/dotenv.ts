/**
 * The `.env` of the working folder, which only the command line reads. Whoever made that folder may say who we are and
 * where bare names lie, but not which server or command gets our credentials.
 */

export type Environment = Readonly<Record<string, string | undefined>>;

export interface MergedEnvironment {
  readonly env: Environment;
  /** Names that the file decided. */
  readonly fromDotenv: readonly string[];
  /** Names of ours that the file may not set. */
  readonly refused: readonly string[];
}

const ours = /^(?:ENTREPOT_|AWS_|S3STASHER_|CloudData$|Region_Name$|CLOUD_|LOCAL_(?:READ|WRITE)_BASEPATH$)/;
/**
 * Endpoints, files that may name commands, trust, the library's own ways to other files, and the cache: a folder that brings
 * its own copies could answer for any bucket, and one that lets writes wait could keep them from it. And the database of runs,
 * which says what a worker executes.
 */
const refusedNames =
  /CACHE|NETWORK|OUTBOX|ENDPOINT|METADATA|INSECURE|PROCESS|COMMAND|PROXY|REDIRECT|_UR[LI](?:_|$)|_FILE$|_BUNDLE$|^ENTREPOT_RUNS$|^S3STASHER_ENV$/;
const identity = [
  "AWS_PROFILE",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_ACCESS_KEY_SECRET",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
];

/** The environment, and below it what the file may add. An identity is taken whole from one of them, never half from each. */
export function mergeDotenv(env: Environment, file: Readonly<Record<string, string>>): MergedEnvironment {
  const hasIdentity = identity.some((name) => isSet(env[name]));
  const added: Record<string, string> = {};
  const refused: string[] = [];
  for (const [name, value] of Object.entries(file)) {
    if (!ours.test(name) || isSet(env[name])) continue;
    if (refusedNames.test(name.toUpperCase()) || isWebRoot(name, value)) refused.push(name);
    else if (!(hasIdentity && identity.includes(name))) added[name] = value;
  }
  return { env: { ...env, ...added }, fromDotenv: Object.keys(added), refused };
}

/** A root on a web server is an endpoint by another name. */
function isWebRoot(name: string, value: string): boolean {
  return /^ENTREPOT_ROOT_|_BASEPATH$/.test(name) && /^\s*https?:/i.test(value);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
