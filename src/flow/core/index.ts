/** Typed dataflows: what a flow is, its graph, plans and executions. No I/O. */
export type { Engine, EngineTask } from "./engine.ts";
export type { CachedOptions, KeptHit, KeptMiss, NodeCall, ResultKeeper, Version } from "./kept.ts";
export type { PictureGraph, PictureNode } from "./picture-graph.ts";
