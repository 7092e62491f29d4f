/** What the options of `entrepot serve` ask for, checked before anything is started. Secrets are not repeated in messages. */
import type { Fault, PersonalityName, ServeOptions, ServerCredentials, TlsCertificate } from "../server/index.ts";
import { UsageError } from "./usage-error.ts";

/** As the command line gives them. */
export interface ServeValues {
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  readonly public: boolean;
  readonly "access-key"?: string | undefined;
  readonly "secret-key"?: string | undefined;
  readonly user?: string | undefined;
  readonly anonymous: boolean;
  readonly dir?: string | undefined;
  readonly bucket?: string | undefined;
  readonly fixtures?: string | undefined;
  readonly region?: string | undefined;
  readonly "strict-region": boolean;
  readonly domain?: string | undefined;
  readonly tls: boolean;
  readonly "tls-cert"?: string | undefined;
  readonly "tls-key"?: string | undefined;
  readonly personality?: PersonalityName | undefined;
  readonly faults?: string | undefined;
  readonly seed?: number | undefined;
}

/** All that the server is started with. */
export interface ServeSettings extends ServeOptions {
  readonly host: string;
  readonly port: number;
}

/** Rejects with UsageError, and with the disk's errors for the files that are named. */
export async function serveOptions(values: ServeValues): Promise<ServeSettings> {
  const [accessKeyId, secretAccessKey] = [values["access-key"] ?? "test", values["secret-key"] ?? "test"];
  checkKeys(accessKeyId, secretAccessKey);
  const host = values.host ?? "127.0.0.1";
  checkHost(host, values);
  return {
    host,
    port: values.port ?? 9000,
    accessKeyId,
    secretAccessKey,
    users: usersOf(values.user),
    anonymous: values.anonymous,
    dir: values.dir,
    buckets: await bucketNames(values.bucket),
    fixtures: values.fixtures,
    region: regionOf(values.region),
    strictRegion: values["strict-region"],
    domains: domainNames(values.domain),
    tls: await certificate(values),
    personality: values.personality,
    faults: await faultsIn(values.faults),
    seed: values.seed,
  };
}

/** What a request's header and a line of a shell can hold. */
function checkKeys(accessKeyId: string, secretAccessKey: string): void {
  if (!/^[\x21-\x2b\x2d-\x7e]+$/.test(accessKeyId)) {
    throw new UsageError("--access-key is empty, or has a space, a comma or an unusual character in it");
  }
  if (!/^[^\p{Cc}]+$/u.test(secretAccessKey)) {
    throw new UsageError("--secret-key is empty, or has a control character in it");
  }
}

/** Keys that everybody knows are for this machine alone. */
function checkHost(host: string, values: ServeValues): void {
  if (/^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(host)) return;
  if (!/^[\w.:-]+$/.test(host)) throw new UsageError("--host is no address", "e.g. --host 127.0.0.1 or --host ::1");
  if (!values.public) {
    throw new UsageError(
      `--host ${host}: other machines could reach it`,
      "leave --host out for 127.0.0.1, or add --public when that is meant",
    );
  }
  if (values.anonymous || (values["access-key"] !== undefined && values["secret-key"] !== undefined)) return;
  throw new UsageError(
    "--public needs keys that not everybody knows",
    "give --access-key and --secret-key, or --anonymous when all may read and write",
  );
}

async function bucketNames(given: string | undefined): Promise<readonly string[]> {
  const names = wordsOf(given);
  if (names.length === 0) return [];
  const { bucketNameMistake } = await import("../server/index.ts");
  for (const name of names) {
    const mistake = bucketNameMistake(name);
    if (mistake !== undefined) throw new UsageError(`--bucket: ${mistake}`, "e.g. --bucket demo or --bucket one,two");
  }
  return names;
}

function regionOf(given: string | undefined): string | undefined {
  if (given === undefined || /^[a-z0-9-]+$/.test(given)) return given;
  throw new UsageError("--region is no name of a region", "e.g. --region eu-central-1");
}

/** `localhost` stays one of them. */
function domainNames(given: string | undefined): readonly string[] | undefined {
  if (given === undefined) return undefined;
  const names = wordsOf(given).map((name) => name.toLowerCase());
  const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  const isName = new RegExp(`^${label}(?:\\.${label})*$`);
  if (names.length > 0 && names.every((name) => isName.test(name))) return [...new Set(["localhost", ...names])];
  throw new UsageError(
    "--domain is no name of a host",
    "e.g. --domain s3.test, so that demo.s3.test is the bucket demo",
  );
}

async function certificate(values: ServeValues): Promise<boolean | TlsCertificate> {
  const [cert, key] = [values["tls-cert"], values["tls-key"]];
  if (cert === undefined && key === undefined) return values.tls;
  if (cert === undefined || key === undefined) {
    throw new UsageError(
      `--tls-${cert === undefined ? "key" : "cert"} comes without --tls-${cert === undefined ? "cert" : "key"}`,
      "give both files, or only --tls for a certificate that is made",
    );
  }
  return { cert: await readPem("--tls-cert", cert), key: await readPem("--tls-key", key) };
}

/** Rejects with TypeError that names line and column of each mistake. */
async function faultsIn(path: string | undefined): Promise<readonly Fault[]> {
  if (path === undefined) return [];
  const { parseFaults } = await import("../server/index.ts");
  return parseFaults(await readText(path), path);
}

/** Comma and colon part them: keys hold neither, and a secret is all the rest. */
function usersOf(given: string | undefined): readonly ServerCredentials[] {
  return wordsOf(given).map((word) => {
    const [, user, accessKeyId, secretAccessKey] = /^([\w+=.@-]{1,64}):([\x21-\x39\x3b-\x7e]+):(.+)$/.exec(word) ?? [];
    if (user === undefined || accessKeyId === undefined || secretAccessKey === undefined) {
      throw new UsageError("--user is not NAME:KEY:SECRET", "e.g. --user ann:ann-key:ann-secret; several with commas");
    }
    return { user, accessKeyId, secretAccessKey };
  });
}

async function readText(path: string): Promise<string> {
  const [{ resolve }, { openNodeDisk }] = await Promise.all([import("node:path"), import("../disk/index.ts")]);
  const { bytes } = await openNodeDisk().readFile(resolve(path), { followLinks: true, maxBytes: 1 << 20 });
  return new TextDecoder().decode(bytes);
}

async function readPem(option: string, path: string): Promise<string> {
  const text = await readText(path);
  if (text.includes("-----BEGIN ")) return text;
  throw new UsageError(`${option} ${path} is not in PEM form`, "it has a line such as -----BEGIN CERTIFICATE-----");
}

function wordsOf(given: string | undefined): readonly string[] {
  return given?.split(",").filter((name) => name !== "") ?? [];
}
