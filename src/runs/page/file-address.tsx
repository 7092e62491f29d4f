/** Where a parameter file is asked for. */
import type { FileRecord } from "../store/records.ts";
import { address } from "./ask.tsx";

export function fileAddress({ runId, name, policyId }: Pick<FileRecord, "runId" | "name" | "policyId">): string {
  return address(["runs", runId, "files", name], { policy: policyId });
}
