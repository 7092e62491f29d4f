/**
 * Where requests for a bucket go: AWS's regional hosts or an endpoint of one's own, with the bucket in the path or in the host.
 * Also the check that credentials never travel in clear text to a foreign host.
 */
import { EntrepotError } from "../../error/index.ts";
import { isLinkLocal, isLoopback } from "../remote/hosts.ts";
import { encodeValue } from "./encode.ts";

export type Addressing = "path" | "virtual";

export interface EndpointOptions {
  /** An own endpoint, e.g. `http://127.0.0.1:9000`. Default: AWS in the region. */
  readonly endpoint?: string | undefined;
  /** Default `us-east-1`; on AWS the bucket's own region is found out. */
  readonly region?: string | undefined;
  /** Default: virtual on AWS, path on an own endpoint and for bucket names with dots. */
  readonly addressing?: Addressing | undefined;
  /** Lets requests go in clear text to a host that is not this machine. Default false. */
  readonly allowInsecureEndpoint?: boolean | undefined;
}

/** Where one bucket's requests go. */
export interface BucketTarget {
  readonly origin: string;
  /** As signed: with the port, if it is not the scheme's own. */
  readonly host: string;
  /** `""` or `/bucket`, encoded. */
  readonly prefix: string;
  /** What the signature names. */
  readonly region: string;
}

const regionShape = /^[a-z0-9-]{1,40}$/;
const hostLabels = /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/;
const accessPoint = /^arn:([a-z0-9-]+):s3:([a-z0-9-]*):(\d{12}):accesspoint[:/]([a-z0-9-]{3,50})$/;

const partitions: readonly (readonly [RegExp, string])[] = [
  [/^cn-/, "amazonaws.com.cn"],
  [/^us-iso-/, "c2s.ic.gov"],
  [/^us-isob-/, "sc2s.sgov.gov"],
  [/^us-isof-/, "csp.hci.ic.gov"],
  [/^eu-isoe-/, "cloud.adc-e.uk"],
  [/^eusc-/, "amazonaws.eu"],
];

/** Whether a region's name is safe to become part of a host name. */
export function isRegion(name: string): boolean {
  return regionShape.test(name);
}

/** The endpoint of a service: checked once, then asked for each bucket. */
export class Endpoint {
  readonly region: string;
  /** Whether this is AWS itself, whose regions redirect to one another. */
  readonly aws: boolean;
  /** `https:` or `http:`. */
  readonly scheme: string;
  /** Whether nobody on the way can read along: TLS, or this machine itself. */
  readonly isPrivate: boolean;
  readonly #url: URL | undefined;
  readonly #addressing: Addressing | undefined;

  /** Error: misconfigured. */
  constructor(options: EndpointOptions) {
    this.region = options.region ?? "us-east-1";
    if (!isRegion(this.region)) throw misconfigured(`the region ${JSON.stringify(this.region)} is not one`);
    this.#url =
      options.endpoint === undefined ? undefined : checkedUrl(options.endpoint, options.allowInsecureEndpoint);
    if (options.addressing === "virtual" && isAddress(this.#url?.hostname ?? "")) {
      throw misconfigured(
        `the endpoint ${this.#url?.origin} is an IP address, which cannot have a bucket's name before it`,
        'Set addressing to "path" (the default here), or give the endpoint by its name.',
      );
    }
    this.aws = this.#url === undefined;
    this.scheme = this.#url?.protocol ?? "https:";
    this.isPrivate = this.scheme === "https:" || isLoopback(this.#url?.hostname ?? "");
    this.#addressing = options.addressing;
  }

  /** What stands for this service in messages and cache identities: an own endpoint's origin, or AWS's partition. */
  get identity(): string {
    return this.#url?.origin ?? suffixOf(this.region);
  }

  /** The target of requests that name no bucket. */
  account(): BucketTarget {
    return this.#target("", this.region);
  }

  /** The target of a bucket's requests; `region` where the bucket is known to be elsewhere. Errors: invalid-address, unsupported. */
  bucket(bucket: string, region: string = this.region): BucketTarget {
    if (bucket.startsWith("arn:")) return this.#accessPoint(bucket);
    if (bucket === "" || bucket === "." || bucket === ".." || /[/\\\s]/.test(bucket)) {
      throw new EntrepotError("invalid-address", `${JSON.stringify(bucket)} is not the name of a bucket`);
    }
    const fits = hostLabels.test(bucket) && !bucket.includes("..");
    const usual = this.aws && !bucket.includes(".") ? "virtual" : "path";
    return (this.#addressing ?? usual) === "virtual" && fits
      ? this.#target(bucket, region)
      : { ...this.#target("", region), prefix: `/${encodeValue(bucket)}` };
  }

  #target(subdomain: string, region: string): BucketTarget {
    const before = subdomain === "" ? "" : `${subdomain}.`;
    const host = this.#url === undefined ? `${before}s3.${region}.${suffixOf(region)}` : `${before}${this.#url.host}`;
    return { origin: `${this.scheme}//${host}`, host, prefix: "", region };
  }

  #accessPoint(arn: string): BucketTarget {
    const [, partition, region, account, name] = accessPoint.exec(arn) ?? [];
    if (region === undefined || region === "" || account === undefined || name === undefined || !this.aws) {
      throw new EntrepotError("unsupported", `${arn} is not an access point that can be reached`, {
        hint: "Access points of one region on AWS itself are: arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME.",
      });
    }
    const suffix = suffixOf(region);
    const host = `${name}-${account}.s3-accesspoint.${region}.${suffix}`;
    if (partition === undefined || !isRegion(region)) throw misconfigured(`${arn} names no region`);
    return { origin: `https://${host}`, host, prefix: "", region };
  }
}

function suffixOf(region: string): string {
  return partitions.find(([shape]) => shape.test(region))?.[1] ?? "amazonaws.com";
}

function checkedUrl(text: string, allowInsecure: boolean | undefined): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw misconfigured(
      "the endpoint is not an http or https URL",
      "Write it as https://host or http://127.0.0.1:9000.",
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw misconfigured(
      "the endpoint holds a user name or password",
      "Credentials go into the environment or a profile.",
    );
  }
  if (url.search !== "" || url.hash !== "" || url.pathname !== "/") {
    throw misconfigured(
      `the endpoint ${url.origin} is followed by a path or query`,
      "An endpoint is scheme, host and port only.",
    );
  }
  if (isLinkLocal(url.hostname) && allowInsecure !== true) {
    throw misconfigured(`the endpoint ${url.origin} is an address where machines keep their credentials`);
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname) && allowInsecure !== true) {
    throw misconfigured(
      `the endpoint ${url.origin} is not encrypted, and not on this machine`,
      "Use https, or set allowInsecureEndpoint: true if everyone on the way may read and change the data.",
    );
  }
  return url;
}

function isAddress(hostname: string): boolean {
  return hostname.startsWith("[") || /^[\d.]+$/.test(hostname);
}

function misconfigured(message: string, hint?: string): EntrepotError {
  return new EntrepotError("misconfigured", message, { hint });
}
