/** Versions that follow from other versions by this room's own rules: of fields, and of what sub-flows give. */
import { createHash } from "node:crypto";
import type { Version } from "../kept.ts";
import type { Step } from "../plan/step.ts";
import { type StepVersion, uncounted, unversioned } from "./kept-call.ts";

/** Version of a field, or of a sub-flow, which this room knows by itself. */
export function derived(step: Step, versionAt: (place: number) => StepVersion): StepVersion {
  const versions = step.needs.map(versionAt);
  if (versions.includes(unversioned)) return unversioned;
  const parts = versions.map(
    (version, at) => [step.names[at] ?? "", version === uncounted ? "" : String(version)] as const,
  );
  const { kind, unwrapped } = step.node ?? {};
  return derivedVersion(kind === "field" ? `field ${unwrapped?.field?.name}` : "subflow", parts);
}

/** Version of what follows from other versions by this room's own rules. */
function derivedVersion(kind: string, parts: readonly (readonly [name: string, version: Version])[]): Version {
  return createHash("sha256")
    .update(JSON.stringify([kind, parts]))
    .digest("hex");
}
