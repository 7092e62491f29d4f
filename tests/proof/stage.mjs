/** Where one side of one proof is played: its folder, seed, servers and processes, and what was found. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { startS3Server } from "entrepot/testing";
import { cacheModule } from "./caches.mjs";
import { makeContent } from "./content.mjs";
import { startWorker } from "./processes.mjs";
import { Random } from "./random.mjs";

const notesKept = 5;

/** @typedef {{ cache: string, scale: "short" | "long" | "control", seed: number, workdir: string, untilWrong: boolean }} StageOptions */

export class Stage {
  /** @param {StageOptions} options */
  constructor({ cache, scale, seed, workdir, untilWrong }) {
    /** The cache under proof, by name. */
    this.cache = cache;
    this.scale = scale;
    this.seed = seed;
    this.workdir = workdir;
    this.random = new Random(seed);
    /** How many times it was tried, and how often it was wrong. */
    this.tried = 0;
    this.wrongs = 0;
    /** @type {string[]} */
    this.notes = [];
    /** Numbers that are worth telling. @type {string[]} */
    this.figures = [];
    /** @type {(() => unknown)[]} */
    this.endings = [];
    this.untilWrong = untilWrong;
    /** @type {string | undefined} */
    this.broken = undefined;
  }

  get isLong() {
    return this.scale === "long";
  }

  /** Whether it is of no use to go on: a bad cache was caught. */
  get isOver() {
    return this.untilWrong && this.wrongs > 0;
  }

  /** @param {number} short @param {number} long */
  size(short, long) {
    return this.isLong ? long : this.scale === "control" ? Math.ceil(short / 3) : short;
  }

  /** @param {number} [count] */
  count(count = 1) {
    this.tried += count;
  }

  /** @param {string} note */
  wrong(note) {
    this.wrongs += 1;
    if (this.notes.length < notesKept && !this.notes.includes(note)) this.notes.push(note);
  }

  /** The proof itself went wrong: nothing is proven, neither that ours is right nor that a bad one is not. @param {unknown} error */
  fail(error) {
    this.broken = String(error instanceof Error ? (error.stack ?? error.message) : error);
  }

  /** @param {import("./proof.ts").Finding} finding */
  add({ tried, wrong }) {
    this.count(tried);
    for (const note of wrong) this.wrong(note);
  }

  /** @param {string} figure */
  tell(figure) {
    this.figures.push(figure);
  }

  /** Runs at the end, last first, whatever happened. @param {() => unknown} ending */
  later(ending) {
    this.endings.push(ending);
  }

  /** @param {string} name */
  async folder(name) {
    const path = join(this.workdir, name);
    await mkdir(path, { recursive: true });
    return path;
  }

  module() {
    return cacheModule(this.cache);
  }

  /** Lets anybody in, so that the bad ones need no signatures. @param {Parameters<typeof startS3Server>[0]} [options] */
  async server(options = {}) {
    const server = await startS3Server({ buckets: ["b"], anonymous: true, seed: this.seed, ...options });
    this.later(() => server.close());
    return server;
  }

  /** @param {Pick<import("entrepot/testing").S3Server, "endpoint">} server @param {string} dir @param {import("./processes.mjs").WorkerOptions} [options] */
  async worker(server, dir, options = {}) {
    // What the killed leave in the folder for temporary files goes with the stage.
    const env = { TMPDIR: this.workdir, ...options.env };
    const worker = startWorker({ cache: this.cache, endpoint: server.endpoint, dir }, { ...options, env });
    this.later(() => worker.kill());
    await worker.ready;
    return worker;
  }

  async close() {
    for (const ending of this.endings.reverse()) {
      await Promise.resolve()
        .then(ending)
        .catch((error) => this.fail(error));
    }
    await rm(this.workdir, { recursive: true, force: true });
  }
}

/** Makes a version the current one, past the network. @param {import("entrepot/testing").S3Server} server @param {string} key @param {number} version @param {number} sizeBytes */
export async function put(server, key, version, sizeBytes) {
  await server.load({ [`s3://b/${key}`]: { body: makeContent(key, version, sizeBytes) } });
}
