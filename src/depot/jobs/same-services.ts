/** Jobs are bound to the servers that they were begun with: a bucket of the same name elsewhere is another one. */
import { EntrepotError } from "../../error/index.ts";
import type { BucketService, JobHeader, LargeState } from "../../transfer/index.ts";
import { type Address, formatUri } from "../../uri/index.ts";
import type { Context } from "../context.ts";

/** Where and as whom the bucket of an address is asked; `undefined` for what is no bucket. Errors: those of opening a service. */
export async function serviceOf(context: Context, address: Address): Promise<BucketService | undefined> {
  const { location, service } = await context.place(address, "read");
  if (location.scheme !== "s3" || service === undefined) return undefined;
  return {
    bucket: formatUri({ scheme: "s3", bucket: location.bucket, key: "", versionId: undefined }),
    words: service.words,
  };
}

/** Error: misconfigured where these settings lead to another server. */
export async function assertSameServices(
  context: Context,
  { id, services = {} }: Pick<JobHeader, "id" | "services">,
): Promise<void> {
  for (const bucket of Object.keys(services)) await assertSame(context, id, services, bucket);
}

/** Only for what is half done on a server: a file here can be taken away by anybody. */
export async function assertSameForLarge(
  context: Context,
  { id, services = {} }: Pick<JobHeader, "id" | "services">,
  { upload, target }: LargeState,
): Promise<void> {
  if (upload !== undefined) await assertSame(context, id, services, target);
}

/** Whether an address is asked as it was when the job began. */
export async function isSameService(
  context: Context,
  { services = {} }: Pick<JobHeader, "services">,
  address: string,
): Promise<boolean> {
  const now = await serviceOf(context, address);
  const then = now === undefined ? undefined : services[now.bucket];
  return then === undefined || then === now?.words;
}

async function assertSame(
  context: Context,
  id: string,
  services: Readonly<Record<string, string>>,
  address: string,
): Promise<void> {
  const now = await serviceOf(context, address);
  const then = now === undefined ? undefined : services[now.bucket];
  if (now === undefined || then === undefined || then === now.words) return;
  const { bucket } = now;
  throw new EntrepotError(
    "misconfigured",
    `job ${id} was begun with ${bucket} at ${then}; these settings lead to ${now.words}`,
    {
      uri: bucket,
      hint: "say it with the settings that the job was begun with (endpoint, profile, anonymous, sse); the same call as now, with these settings, is a job of its own",
    },
  );
}
