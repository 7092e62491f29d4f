/** What a driver and its workers tell one another: a few hundred bytes that refer to values. */
import type { Deeds } from "./deeds.ts";
import type { FailureData } from "./failure-data.ts";
import type { ValueRef } from "./value-store.ts";

/** Grows when a worker of an older release would misread it. */
export const taskLayout = 2;

export interface NodeTask {
  readonly layout: number;
  readonly node: string;
  readonly index?: number | undefined;
  readonly config: ValueRef;
  readonly values: Readonly<Record<string, ValueRef>>;
}

/** What the node itself did: a failure of its own is an outcome, too, and not tried again elsewhere. */
export type NodeOutcome =
  | { readonly value: ValueRef; readonly deeds: Deeds }
  | { readonly failure: FailureData; readonly deeds: Deeds };
