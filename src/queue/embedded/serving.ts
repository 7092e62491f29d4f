/** The thread in which this process serves an embedded database. */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { EntrepotError } from "../../error/index.ts";
import { socketName } from "../database/pool.ts";
import { findPglite } from "../peers.ts";
import { type FromThread, type ServePlace, serveInThread, type ToThread } from "./serve-in-thread.ts";

export interface ServeOptions {
  /** Folder of the database. */
  readonly data: string;
  /** Private folder, where the socket will be. */
  readonly socketFolder: string;
  /** Asked when the thread stood still: whether the folder is still ours. */
  readonly isOurs: () => Promise<boolean>;
}

export interface Serving {
  /** Resolves when it serves no longer, for whatever reason. */
  readonly ended: Promise<void>;
  /** Writes everything out; what clients have under way breaks. */
  stop(): Promise<void>;
  /** At once: as if the process were killed. */
  kill(): Promise<void>;
}

const maxConnections = 1000;
const standstillMs = 30_000;

/** Resolves when it serves. Errors: missing-peer; malformed where the folder holds no database that can be opened. */
export async function startServing({ data, socketFolder, isOurs }: ServeOptions): Promise<Serving> {
  const place: ServePlace = {
    ...findPglite(),
    data,
    socketPath: join(socketFolder, socketName),
    maxConnections,
    standstillMs,
  };
  // Tools that name functions at run time leave calls of `__name` in their text.
  const program = `"use strict";
const __name = (named) => named;
// what the database logs is nobody's output; read here, it would keep the process alive
process.stdout.write = process.stderr.write = () => true;
const { parentPort, workerData: place } = require("node:worker_threads");
const { PGlite } = require(place.pglite);
const { PGLiteSocketServer } = require(place.socket);
(${serveInThread.toString()})({ parentPort, place, PGlite, PGLiteSocketServer });`;
  const thread = new Worker(program, { eval: true, workerData: place, execArgv: [], stdout: true, stderr: true });
  const tell = (message: ToThread): void => thread.postMessage(message);
  const ended = new Promise<void>((resolve) => thread.once("exit", () => resolve()));
  const kill = async (): Promise<void> => void (await thread.terminate());
  let stopped: (() => void) | undefined;
  await new Promise<void>((resolve, reject) => {
    const fail = (error: unknown): void => {
      reject(error instanceof EntrepotError ? error : unopened(data, error));
      kill().catch(() => undefined);
    };
    thread.on("error", fail);
    thread.on("message", (message: FromThread) => {
      if (message.kind === "ready") resolve();
      else if (message.kind === "stopped") stopped?.();
      else if (message.kind === "failed") fail(message.message);
      else isOurs().then((ours) => (ours ? tell({ kind: "confirmed" }) : kill()), kill);
    });
    void ended.then(() => fail("its thread ended"));
  });
  // The database keeps no process alive that has nothing else to do.
  thread.unref();
  return {
    ended,
    kill,
    stop: async () => {
      thread.ref();
      const isStopped = new Promise<void>((resolve) => {
        stopped = resolve;
      });
      tell({ kind: "stop" });
      await Promise.race([isStopped, ended]);
      await kill();
    },
  };
}

function unopened(data: string, cause: unknown): EntrepotError {
  return new EntrepotError("malformed", `the database in ${data} cannot be opened`, {
    cause,
    hint: "the cause says why; a folder that another release of PGlite or another program wrote must be exported there first",
  });
}
