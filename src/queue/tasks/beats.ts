/** Beats for a worker that computes and so cannot say itself that it lives: from a thread, which starts with its first task. */
import { Worker } from "node:worker_threads";
import type { DatabaseWay } from "../database/database.ts";
import { findPg, type JobAttempt } from "../peers.ts";
import { type BeatPlace, beatInThread, type ToBeats } from "./beat-in-thread.ts";
import { schema } from "./status-rows.ts";

export interface BeatOptions {
  readonly name: string;
  readonly way: DatabaseWay;
  /** How often the worker beats itself, milliseconds. */
  readonly beatMs: number;
  readonly warn: (error: unknown) => void;
}

export class Beats {
  readonly #options: BeatOptions;
  readonly #count = new Int32Array(new SharedArrayBuffer(4));
  #thread: Worker | undefined;

  constructor(options: BeatOptions) {
    this.#options = options;
  }

  /** The worker has beaten itself. */
  count(): void {
    Atomics.add(this.#count, 0, 1);
  }

  /** What it runs now. */
  hold(attempts: readonly JobAttempt[]): void {
    if (this.#thread === undefined && attempts.length === 0) return;
    this.#thread ??= this.#start();
    this.#thread.postMessage(attempts.map(({ id, retryCount }) => `${id}:${retryCount}`) satisfies ToBeats);
  }

  async stop(): Promise<void> {
    await this.#thread?.terminate();
  }

  #start(): Worker {
    const { name, way, beatMs, warn } = this.#options;
    const place: BeatPlace = {
      ...{ pg: findPg(), url: way.url, lock: way.lock, name },
      text: `UPDATE ${schema}.job SET heartbeat_on = ${schema}.job_now()
        WHERE name = $1 AND state = 'active' AND (id::text || ':' || retry_count::text) = ANY($2::text[])`,
      lookMs: beatMs / 2,
      beats: this.#count.buffer as SharedArrayBuffer,
    };
    // Tools that name functions at run time leave calls of `__name` in their text.
    const program = `"use strict";
const __name = (named) => named;
const { parentPort, workerData: place } = require("node:worker_threads");
const { readdirSync, readFileSync } = require("node:fs");
const { Client } = require(place.pg);
(${beatInThread.toString()})({ parentPort, place, Client, readdirSync, readFileSync });`;
    const thread = new Worker(program, { eval: true, workerData: place, execArgv: [] });
    // Without it the worker beats by itself whenever it can.
    thread.on("error", warn);
    thread.unref();
    return thread;
  }
}
