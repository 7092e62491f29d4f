/** Our hosts beside those of AWS's own rules, which its SDK evaluates. */
import { S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { Endpoint } from "./endpoint.ts";

const regions = [
  "us-east-1",
  "us-west-2",
  "eu-central-2",
  "ap-southeast-7",
  "af-south-1",
  "il-central-1",
  "mx-central-1",
  "cn-north-1",
  "cn-northwest-1",
  "us-gov-west-1",
  "us-gov-east-1",
  "us-iso-east-1",
  "us-iso-west-1",
  "us-isob-east-1",
  "us-isof-south-1",
  "eu-isoe-west-1",
  "eusc-de-east-1",
  "mars-north-1",
];
const partition: Readonly<Record<string, string>> = {
  "cn-north-1": "aws-cn",
  "cn-northwest-1": "aws-cn",
  "us-gov-west-1": "aws-us-gov",
  "us-gov-east-1": "aws-us-gov",
  "us-iso-east-1": "aws-iso",
  "us-iso-west-1": "aws-iso",
  "us-isob-east-1": "aws-iso-b",
  "us-isof-south-1": "aws-iso-f",
  "eu-isoe-west-1": "aws-iso-e",
  "eusc-de-east-1": "aws-eusc",
};
const flags = [false, true];
const rules = new S3Client({ region: "us-east-1" }).config.endpointProvider;

/** What AWS's rules say: URL without the last slash and signing region, or that it cannot be. */
function byRules(params: Parameters<typeof rules>[0]): string {
  try {
    const { url, properties } = rules(params, {});
    const schemes = properties?.["authSchemes"] as readonly { readonly signingRegion: string }[];
    return `${url.href.replace(/\/$/, "")} signed for ${schemes[0]?.signingRegion}`;
  } catch {
    return "refused";
  }
}

function byUs(options: ConstructorParameters<typeof Endpoint>[0], bucket: string | undefined): string {
  try {
    const endpoint = new Endpoint(options);
    const { origin, prefix, region } = bucket === undefined ? endpoint.account() : endpoint.bucket(bucket);
    return `${origin}${prefix} signed for ${region}`;
  } catch {
    return "refused";
  }
}

test.each(regions)("every kind of bucket in %s is where AWS's rules have it", (region) => {
  const arn = `arn:${partition[region] ?? "aws"}:s3:${region}:123456789012:accesspoint`;
  const buckets = [
    undefined,
    "bucket",
    "b-12",
    "with.dots",
    "Legacy_Name",
    "point-abcdefghijklmnopqrstuvwxyz0123-s3alias",
    `${arn}/point`,
    `${arn}:point`,
    "x".repeat(63),
  ];
  let compared = 0;
  for (const bucket of buckets) {
    for (const fips of flags) {
      for (const dualStack of flags) {
        for (const path of bucket?.startsWith("arn:") === true ? [false] : flags) {
          const expected = byRules({
            Region: region,
            UseFIPS: fips,
            UseDualStack: dualStack,
            ForcePathStyle: path,
            UseArnRegion: true,
            ...(bucket === undefined ? {} : { Bucket: bucket }),
          });
          const addressing = path ? "path" : undefined;
          const ours = byUs({ region, fips, dualStack, addressing }, bucket);
          expect(ours, `${bucket} ${JSON.stringify({ fips, dualStack, path })}`).toBe(expected);
          compared++;
        }
      }
    }
  }
  expect(compared).toBe(64);
});

test.each(["http://127.0.0.1:9000", "https://s3.example.org", "https://s3.example.org:8443"])(
  "an own endpoint %s has buckets where AWS's rules have them",
  (endpoint) => {
    for (const addressing of endpoint.includes("127") ? (["path"] as const) : (["path", "virtual"] as const)) {
      const params = {
        Region: "eu-west-1",
        Endpoint: endpoint,
        Bucket: "bucket",
        ForcePathStyle: addressing === "path",
      };
      expect(byUs({ region: "eu-west-1", endpoint, addressing }, "bucket")).toBe(byRules(params));
    }
    for (const refused of [{ UseFIPS: true }, { UseDualStack: true }])
      expect(byRules({ Region: "eu-west-1", Endpoint: endpoint, Bucket: "bucket", ...refused })).toBe("refused");
    expect(byUs({ endpoint, fips: true }, "bucket")).toBe("refused");
    expect(byUs({ endpoint, dualStack: true }, "bucket")).toBe("refused");
  },
);
