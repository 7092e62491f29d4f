/** Typed dataflows: what a flow is, its graph, plans and executions. No I/O. */
export { type FlowClock, systemFlowClock } from "./clock.ts";
export { cached, type DirectCall, markCached } from "./combine/cached.ts";
export { type Check, type CheckedOptions, checked } from "./combine/checked.ts";
export { choose, otherwise, when } from "./combine/choose.ts";
export { type EachOptions, each } from "./combine/each.ts";
export { extract } from "./combine/extract.ts";
export { node } from "./combine/node.ts";
export { ofUri } from "./combine/of-uri.ts";
export { from, parameterize, type Source } from "./combine/parameterize.ts";
export { type RetryOptions, retry } from "./combine/retry.ts";
export { type SubflowOptions, subflow } from "./combine/subflow.ts";
export { tag } from "./combine/tag.ts";
export { timeout } from "./combine/timeout.ts";
export { volatile } from "./combine/volatile.ts";
export { dataflow } from "./dataflow.ts";
export { type ConfigOption, type DriverRest, driver, type GivenInputs, openDriver } from "./driver.ts";
export type { Engine, EngineTask } from "./engine.ts";
export type { FlowEvent, RunEvent } from "./events.ts";
export {
  type Code,
  CodeReader,
  canonicalBytes,
  decodeValue,
  type ForeignValue,
  fingerprint,
  fingerprintSymbol,
  type RecogniseForeign,
  type RestoreForeign,
} from "./fingerprint/index.ts";
export type { FlowDriver, LooseOptions, LooseSettings } from "./flow-driver.ts";
export type { CachedOptions, Computed, KeptHit, KeptMiss, NodeCall, ResultKeeper, Version, Watched } from "./kept.ts";
export type { NodeContext } from "./layer.ts";
export type { Tags } from "./mark.ts";
export { failedNode, type NodeFailure } from "./node-failure.ts";
export { type PerformOptions, perform } from "./perform.ts";
export { type TextOptions, toDot, toHtml, toMermaid, toSvg, toText } from "./picture/index.ts";
export type { PictureGraph, PictureNode } from "./picture-graph.ts";
export type { Plan, PlanStep } from "./plan/plan.ts";
export { pictureAfter } from "./plan/run-picture.ts";
export type { Behaviour } from "./run/kept-call.ts";
export type { Around, NodeInfo } from "./run/world.ts";
export type { Choice, Conditional, Configured, FlowConfig, Resolve, Unset } from "./types/config.ts";
export type {
  CoreSettings,
  Driver,
  DriverSettings,
  ExecuteOptions,
  NodeFilter,
  OpenInputs,
  PendingPlan,
  RunOptions,
  Settled,
} from "./types/driver.ts";
export type { Flow, Implements, NodesOf, Schemas } from "./types/flow.ts";
export type { AnyFunction, DepsOf, Out } from "./types/functions.ts";
export type { NeededInputs } from "./types/needed.ts";
export type { Checked, FlowProblems, SeveralModules, Sound, WrongType } from "./types/problems.ts";
export type { SchemaInput, SchemaIssue, SchemaOutput, SchemaResult, StandardSchema } from "./types/schema.ts";
export type { Merge, Modules, Nodes, Universe } from "./types/universe.ts";
