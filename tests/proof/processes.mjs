/** Starts workers, asks them for jobs, and kills them. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("worker.mjs", import.meta.url));

/** The worker died, as it was told to or not. */
export class WorkerEnded extends Error {}

/** @typedef {{ env?: Record<string, string>, onNote?: (note: any) => void, execArgv?: string[] }} WorkerOptions */

/**
 * @typedef {object} Worker
 * @property {number} pid
 * @property {Promise<void>} ready rejects when it ends before
 * @property {(job: string, args?: object) => Promise<any>} ask rejects with WorkerEnded when it ends before it answers
 * @property {() => Promise<void>} kill with SIGKILL; done when it is gone
 * @property {Promise<void>} ended
 */

/** @param {{ cache: string, endpoint: string, dir: string }} given @param {WorkerOptions} [options] @returns {Worker} */
export function startWorker(given, { env = {}, onNote, execArgv = [] } = {}) {
  const child = fork(program, [JSON.stringify(given)], {
    execArgv,
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  const asked = new Map();
  let [last, gone] = [0, false];
  /** @type {(value?: undefined) => void} */
  let isReady = () => undefined;
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      gone = true;
      const error = new WorkerEnded(`the worker ended with ${code ?? signal}`);
      for (const { reject } of asked.values()) reject(error);
      asked.clear();
      resolve();
    });
  });
  /** @type {Promise<void>} */
  const ready = Promise.race([
    /** @type {Promise<void>} */ (new Promise((resolve) => (isReady = resolve))),
    ended.then(() => Promise.reject(new WorkerEnded("the worker ended before it was ready"))),
  ]);
  ready.catch(() => undefined);
  child.on("error", () => undefined);
  child.on("message", (/** @type {any} */ message) => {
    if (message.ready) isReady();
    else if ("note" in message) onNote?.(message.note);
    else {
      const { id, error, result } = message;
      const waiting = asked.get(id);
      asked.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(error));
    }
  });
  return {
    pid: child.pid ?? 0,
    ready,
    ended,
    ask(job, args = {}) {
      if (gone) return Promise.reject(new WorkerEnded("the worker has ended"));
      return new Promise((resolve, reject) => {
        last += 1;
        asked.set(last, { resolve, reject });
        child.send({ id: last, job, args }, (error) => error && reject(new WorkerEnded(error.message)));
      });
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
