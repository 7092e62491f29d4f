/**
 * Where requests for a bucket go: AWS's regional hosts or an endpoint of one's own, with the bucket in the path or in the host.
 * Also the check that credentials never travel in clear text to a foreign host.
 */
import { EntrepotError } from "../../error/index.ts";
import { isLinkLocal, isLoopback } from "../../net/index.ts";
import { encodeValue } from "./encode.ts";
import { type Partition, partitionOf } from "./partitions.ts";

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
  /** AWS's hosts that have IPv6 addresses, too. Not with an own endpoint. Default false. */
  readonly dualStack?: boolean | undefined;
  /** AWS's hosts with certified cryptography. Not with an own endpoint. Default false. */
  readonly fips?: boolean | undefined;
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
  /** What stands in AWS's host names behind the service. */
  readonly #variant: string;
  readonly #fips: boolean;

  /** Error: misconfigured. */
  constructor(options: EndpointOptions) {
    const given = options.region ?? "us-east-1";
    this.region = realRegion(given);
    if (!isRegion(this.region))
      throw misconfigured(`the region ${JSON.stringify(given)} is not one`, "A region is written like eu-central-1.");
    this.#url =
      options.endpoint === undefined ? undefined : checkedUrl(options.endpoint, options.allowInsecureEndpoint);
    if (options.addressing === "virtual" && isAddress(this.#url?.hostname ?? "")) {
      throw misconfigured(
        `the endpoint ${this.#url?.origin} is an IP address, which cannot have a bucket's name before it`,
        'Set addressing to "path" (the default here), or give the endpoint by its name.',
      );
    }
    this.aws = this.#url === undefined;
    this.#fips = options.fips === true || this.region !== realRegion(given, false);
    this.#variant = `${this.#fips ? "-fips" : ""}${options.dualStack === true ? ".dualstack" : ""}`;
    if (this.#url !== undefined && (options.fips === true || options.dualStack === true)) {
      throw misconfigured(
        `the endpoint ${this.#url.origin} is one's own, and ${options.fips === true ? "fips" : "dualStack"} chooses among AWS's`,
        "Leave out one of them: the endpoint, or the options dualStack and fips with AWS_USE_DUALSTACK_ENDPOINT and AWS_USE_FIPS_ENDPOINT and the profile's settings of these names.",
      );
    }
    this.#partition(this.region);
    this.scheme = this.#url?.protocol ?? "https:";
    this.isPrivate = this.scheme === "https:" || isLoopback(this.#url?.hostname ?? "");
    this.#addressing = options.addressing;
  }

  /** What stands for this service in messages and cache identities: an own endpoint's origin, or AWS's partition. */
  get identity(): string {
    return this.#url?.origin ?? partitionOf(this.region).suffix;
  }

  /** Of an own endpoint; undefined for AWS. */
  get hostname(): string | undefined {
    return this.#url?.hostname;
  }

  /** The target of requests that name no bucket. */
  account(region: string = this.region): BucketTarget {
    return this.#target("", region);
  }

  /** The target of a bucket's requests; `region` where the bucket is known to be elsewhere. Errors: invalid-address, unsupported. */
  bucket(bucket: string, region: string = this.region): BucketTarget {
    if (bucket.startsWith("arn:")) return this.#accessPoint(bucket);
    if (bucket === "" || bucket === "." || bucket === ".." || /[/\\\s]/.test(bucket)) {
      throw new EntrepotError("invalid-address", `${JSON.stringify(bucket)} is not the name of a bucket`);
    }
    if (this.aws && /--xa?-s3$/.test(bucket)) {
      throw new EntrepotError("unsupported", `${bucket} is a directory bucket of S3 Express One Zone`, {
        hint: "entrepot does not make the sessions that these want; copy the data to a general purpose bucket with AWS's tools.",
      });
    }
    const fits = hostLabels.test(bucket) && !bucket.includes("..");
    const usual = this.aws && !bucket.includes(".") ? "virtual" : "path";
    return (this.#addressing ?? usual) === "virtual" && fits
      ? this.#target(bucket, region)
      : { ...this.#target("", region), prefix: `/${encodeValue(bucket)}` };
  }

  /** Whether a bucket may be found to be there: what AWS keeps apart has other credentials and other copies. */
  isWithin(region: string): boolean {
    return isRegion(region) && partitionOf(region).name === partitionOf(this.region).name;
  }

  #target(subdomain: string, region: string): BucketTarget {
    const before = subdomain === "" ? "" : `${subdomain}.`;
    const host =
      this.#url === undefined
        ? `${before}s3${this.#variant}.${region}.${this.#partition(region).suffix}`
        : `${before}${this.#url.host}`;
    return { origin: `${this.scheme}//${host}`, host, prefix: "", region };
  }

  #accessPoint(arn: string): BucketTarget {
    const [, named, region = "", account, name] = accessPoint.exec(arn) ?? [];
    if (named === undefined || region === "" || !this.aws) {
      throw new EntrepotError("unsupported", `${arn} is not an access point that can be reached`, {
        hint: /:s3::\d*:accesspoint[:/].*\.mrap$/.test(arn)
          ? "A multi-region access point wants signatures that entrepot does not make (SigV4A); name an access point or a bucket of one region."
          : "Access points of one region on AWS itself are: arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME.",
      });
    }
    if (!isRegion(region)) throw misconfigured(`${arn} names no region`);
    const partition = this.#partition(region);
    if (partition.name !== named || !this.isWithin(region)) {
      throw misconfigured(
        `${arn} is in the partition ${named}, and the region ${this.region} in ${partitionOf(this.region).name}`,
        `Set region to ${region}, if the access point is there.`,
      );
    }
    const host = `${name}-${account}.s3-accesspoint${this.#variant}.${region}.${partition.suffix}`;
    return { origin: `https://${host}`, host, prefix: "", region };
  }

  #partition(region: string): Partition {
    const partition = partitionOf(region);
    if (this.#fips && this.aws && !partition.hasFips) {
      throw misconfigured(
        `S3 has no FIPS endpoints in ${region}`,
        "Leave out fips, AWS_USE_FIPS_ENDPOINT and use_fips_endpoint.",
      );
    }
    return partition;
  }
}

/** AWS's older tools write `fips-us-east-1` for the region with FIPS endpoints, and `aws-global` for the first one. */
function realRegion(region: string, strip = true): string {
  const global = region === "aws-global" ? "us-east-1" : region;
  return strip ? global.replace(/^fips-|-fips$/, "") : global;
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
    throw misconfigured(
      `the endpoint ${url.origin} is an address where machines keep their credentials`,
      "Name the S3 server's own address; if it is really there, set allowInsecureEndpoint: true.",
    );
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
