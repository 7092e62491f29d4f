/** Where the services are that give credentials: where environment or profile say, else AWS's own hosts. */
import { isLinkLocal, isLoopback } from "../../../../net/index.ts";
import { isRegion } from "../../endpoint.ts";
import { partitionOf } from "../../partitions.ts";
import { misconfigured, variable, type WayContext } from "./way.ts";

export type ServiceName = "sts" | "sso" | "sso_oidc" | "signin";

export interface ServiceEndpoint {
  readonly url: URL;
  /** What a signature names. */
  readonly region: string;
}

/** Regions that were there when STS had one host, and are asked there when the old way is chosen. */
const legacyRegions = new Set(
  (
    "ap-northeast-1 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 eu-north-1 eu-west-1 eu-west-2 " +
    "eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2"
  ).split(" "),
);

/** The address of `path` on a service in a region. Error: misconfigured. */
export function serviceEndpoint(
  context: WayContext,
  service: ServiceName,
  region: string | undefined,
  path = "/",
): ServiceEndpoint {
  if (region !== undefined && !isRegion(region)) {
    throw misconfigured(`the region ${JSON.stringify(region)} is not one`, "A region is written like eu-central-1.");
  }
  const configured = configuredUrl(context, service);
  if (configured !== undefined) {
    const base = checkedUrl(configured, service, context.allowInsecureEndpoint);
    return { url: new URL(`${base.pathname.replace(/\/$/, "")}${path}`, base), region: region ?? "us-east-1" };
  }
  const { host, signs } = ownHost(context, service, region);
  return { url: new URL(path, `https://${host}`), region: signs };
}

function configuredUrl(context: WayContext, service: ServiceName): string | undefined {
  const { session } = context;
  const ignored =
    variable(context, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") ?? session?.settings["ignore_configured_endpoint_urls"];
  if (/^true$/i.test(ignored ?? "")) return undefined;
  return (
    variable(context, `AWS_ENDPOINT_URL_${service.toUpperCase()}`) ??
    variable(context, "AWS_ENDPOINT_URL") ??
    (session?.services[`${service}.endpoint_url`] || session?.settings["endpoint_url"] || undefined)
  );
}

function checkedUrl(text: string, service: ServiceName, allowInsecure: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const name = service.replace("_", " ").toUpperCase();
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw misconfigured(`the endpoint of ${name} is not an http or https URL`, "Write it as https://host.");
  }
  const open = url.protocol === "http:" && !isLoopback(url.hostname);
  if ((open || isLinkLocal(url.hostname)) && !allowInsecure) {
    throw misconfigured(
      `the endpoint ${url.origin} of ${name} would send credentials in clear text`,
      "Use https, or set allowInsecureEndpoint: true if everyone on the way may have them.",
    );
  }
  return url;
}

function ownHost(
  context: WayContext,
  service: ServiceName,
  region: string | undefined,
): { readonly host: string; readonly signs: string } {
  const switched = (name: string, setting: string) =>
    /^true$/i.test(variable(context, name) ?? context.session?.settings[setting] ?? "");
  const fips = switched("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint") ? "-fips" : "";
  const dual = switched("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
  const place = region ?? "us-east-1";
  const usual = partitionOf(place).suffix;
  const suffix = dual ? (usual.endsWith(".cn") ? "api.amazonwebservices.com.cn" : "api.aws") : usual;
  switch (service) {
    case "sts": {
      const style =
        variable(context, "AWS_STS_REGIONAL_ENDPOINTS") ?? context.session?.settings["sts_regional_endpoints"];
      const global = region === undefined || (style === "legacy" && legacyRegions.has(place));
      return global && fips === "" && !dual
        ? { host: "sts.amazonaws.com", signs: "us-east-1" }
        : { host: `sts${fips}.${place}.${suffix}`, signs: place };
    }
    case "sso":
      return { host: `portal.sso${fips}.${place}.${suffix}`, signs: place };
    case "sso_oidc":
      return { host: `oidc${fips}.${place}.${suffix}`, signs: place };
    case "signin":
      return { host: `${place}.signin.${signinSuffix(place)}`, signs: place };
  }
}

function signinSuffix(region: string): string {
  if (region.startsWith("cn-")) return "amazonaws.cn";
  return region.startsWith("us-gov-") ? "amazonaws-us-gov.com" : "aws.amazon.com";
}
