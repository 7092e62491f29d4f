/** A call with its key, and who can tell whether what it read has changed. */
import type { Depot } from "../../../depot/index.ts";
import type { NodeCall } from "../../core/index.ts";
import type { Parts } from "./parts.ts";

export interface Identified {
  readonly call: NodeCall;
  readonly key: string;
  readonly parts: Parts;
  /** Which its code and its inputs show. */
  readonly depots: readonly Depot[];
}
