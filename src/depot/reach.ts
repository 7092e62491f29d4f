/**
 * By which way other machines are reached: proxies, whose certificates are trusted, which redirects are followed. Decided once,
 * with who decided, because an error on the way has to name the setting.
 */
import type { Disk } from "../disk/index.ts";
import { EntrepotError } from "../error/index.ts";
import { chooseProxy, type ProxyOf, type ProxyServer, parseCertificates, parseProxy } from "../net/index.ts";
import type { EntrepotOptions, Runtime } from "./options.ts";
import type { SettingSources } from "./setting-sources.ts";
import { asText, expandHome, optional, parseRedirects, pathText, type World } from "./setting-values.ts";

/** A file with certificates, and who named it. */
export interface CaFile {
  readonly path: string;
  readonly source: string;
}

export interface Reach {
  readonly httpsProxy: ProxyServer | null;
  readonly httpProxy: ProxyServer | null;
  /** As in `NO_PROXY`. */
  readonly noProxy: string;
  readonly caFile: CaFile | undefined;
  readonly redirects: "same-host" | "any";
}

const largestBundle = 16 * 1024 ** 2;

/** Options, then the environment: the lower-case name of a variable goes first, as with curl. Error: misconfigured. */
export function readReach(options: EntrepotOptions, source: SettingSources, world: World): Reach {
  const proxy = proxyOption(options.proxy);
  const env = source.merged;
  // in a CGI program a client's header `Proxy:` arrives under this name
  const upperHttp = env["REQUEST_METHOD"] ? [] : ["HTTP_PROXY"];
  const pick = (name: string, names: readonly string[]) =>
    source.pick<ProxyServer | null>(name, proxy, names, parseProxy, null, (value) => value?.shown ?? "none");
  return {
    httpsProxy: pick("proxy.https", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
    httpProxy: pick("proxy.http", ["http_proxy", ...upperHttp, "all_proxy", "ALL_PROXY"]),
    noProxy: source.pick("proxy.except", undefined, ["no_proxy", "NO_PROXY"], asText, "", (list) => list || "none"),
    caFile: source.pick<CaFile | undefined>(
      "caFile",
      caOption(options.caFile, world),
      ["AWS_CA_BUNDLE"],
      (path, variable) => ({ path: expandHome(path, world), source: variable }),
      undefined,
      (file) => file?.path ?? "none",
    ),
    redirects: source.pick(
      "redirects",
      optional(options.redirects, parseRedirects),
      ["ENTREPOT_REDIRECTS"],
      parseRedirects,
      "same-host",
    ),
  };
}

/** What `with` makes of it. Error: misconfigured. */
export function deriveReach(from: Reach, over: Runtime, world: World): Reach {
  const proxy = proxyOption(over.proxy);
  return {
    ...from,
    ...(proxy === undefined ? undefined : { httpsProxy: proxy, httpProxy: proxy }),
    caFile: caOption(over.caFile, world) ?? from.caFile,
    redirects: optional(over.redirects, parseRedirects) ?? from.redirects,
  };
}

/** The proxy for each origin; `undefined` when there is none at all. */
export function proxyOf({ httpsProxy, httpProxy, noProxy }: Reach): ProxyOf | undefined {
  return chooseProxy({ https: httpsProxy ?? undefined, http: httpProxy ?? undefined, except: noProxy });
}

/**
 * The certificates to trust beside Node's own; none without a file. Where Node cannot be asked for its own, those of
 * `NODE_EXTRA_CA_CERTS` are read again, and passed over as Node does where they cannot be. Error: misconfigured.
 */
export async function readCertificates(
  file: CaFile | undefined,
  env: Readonly<Record<string, string | undefined>>,
  disk: Disk,
): Promise<readonly string[]> {
  if (file === undefined) return [];
  const own = await readBundle(file, disk);
  const extra = env["NODE_EXTRA_CA_CERTS"];
  if (!extra) return own;
  const more = await readBundle({ path: extra, source: "NODE_EXTRA_CA_CERTS" }, disk).catch(() => []);
  return [...own, ...more];
}

async function readBundle({ path, source }: CaFile, disk: Disk): Promise<readonly string[]> {
  try {
    const { bytes } = await disk.readFile(path, { followLinks: true, maxBytes: largestBundle });
    return await parseCertificates(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new EntrepotError("misconfigured", `${source} names ${path}: ${(cause as Error).message}`, {
      cause,
      hint: `Name a file with certificates in PEM form in ${source}, or leave it out.`,
    });
  }
}

function proxyOption(option: Runtime["proxy"]): ProxyServer | null | undefined {
  if (option === undefined) return undefined;
  if (option === false) return null;
  if (typeof option !== "string") throw new TypeError("proxy is an address such as http://host:port, or false");
  return parseProxy(option, "the option proxy");
}

function caOption(option: Runtime["caFile"], world: World): CaFile | undefined {
  return option === undefined ? undefined : { path: expandHome(pathText(option), world), source: "the option caFile" };
}
