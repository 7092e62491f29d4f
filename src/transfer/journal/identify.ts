/** Which job a call is: by its words and by whose servers these lead to; a list by what is in it. */
import { hash } from "node:crypto";
import { plannedOf } from "../item.ts";
import type { Plan } from "../plan.ts";
import { type IdentifiedJob, jobId } from "./job-header.ts";
import type { JobSettings } from "./journal.ts";

/** Errors: those of `serviceOf`. */
export async function identify(
  { id, identity, serviceOf }: JobSettings,
  plan: Pick<Plan, "first" | "removals">,
): Promise<IdentifiedJob> {
  if (id !== undefined) return { id, identity };
  if (identity.from !== undefined) return { id: jobId(identity, undefined), identity };
  let digest = "";
  const services: Record<string, string> = { ...identity.services };
  const known = new Set<string>();
  for (const items of [plan.first(), plan.removals()]) {
    for await (const item of items) {
      const { uri, target } = plannedOf(item);
      digest = hash("sha256", `${digest}${JSON.stringify([item.kind, uri, target])}`);
      const [bucket = ""] = /^\w+:\/\/[^/]*/.exec(uri) ?? [];
      if (known.has(bucket)) continue;
      known.add(bucket);
      const service = await serviceOf?.(uri);
      if (service !== undefined) services[service.bucket] = service.words;
    }
  }
  const whole = { ...identity, services };
  return { id: jobId(whole, digest), identity: whole };
}
