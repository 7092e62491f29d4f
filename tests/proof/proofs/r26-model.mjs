/** Random lives of a cache against a model that is a Map: whatever happens in whatever order, reads give what the model says. */
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { bundled } from "../bundle.mjs";
import { flawOf, makeContent, versionOf } from "../content.mjs";
import { damages } from "../damages.mjs";
import { World } from "../model-world.mjs";
import { Random } from "../random.mjs";

/** @typedef {import("../proof.ts").TestedCache} TestedCache */
/**
 * What the model knows of a key: `current` at the server; `known`, the last version that went through the cache; whether that must
 * be here offline (`isSure`); all versions of which a part may be here.
 * @typedef {{ current: number | undefined, known: number | undefined, isSure: boolean, parts: Set<number> }} Known
 */

const keys = ["a.csv", "folder/b.bin", "c"];
const sizes = [32, 5_000, 300_000];
const kinds = Object.keys(damages);

const key = fc.constantFrom(...keys);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("put"), key, size: fc.constantFrom(0, 0, 1, 1, 2) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom("read", "copy"), key }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("offline read"), key }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("range", "offline range"), key }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("write"), key, size: fc.constantFrom(0, 1, 1, 2) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("remove", "delete there", "stat"), key }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("damage"), key, kind: fc.constantFrom(...kinds), seed: fc.nat() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("go down", "come up"), key }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("wait", "prune", "clear", "new process", "new boot"), key }),
  },
);

/** @type {import("../proof.ts").Proof} */
export const proof = {
  id: "R26",
  title: "In every order of changes, reads, damage, prunes and losses of the network, a read gives the model's version",
  target: "100,000 sequences of up to 30 steps",
  bad: { "never-asks": /version \d+, current/, "trusts-data": /wrong bytes/ },
  async run(stage) {
    const rooms = await bundled("tests/proof/rooms.ts");
    const module = await stage.module();
    // In memory where that can be: it is not the disk that is on trial here.
    const base = await mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : stage.workdir, "proof-"));
    stage.later(() => rm(base, { recursive: true, force: true }));
    let steps = 0;
    const life = async (/** @type {any[]} */ sequence) => {
      if (stage.isOver) return;
      const dir = await mkdtemp(join(base, "life-"));
      const run = new Life(
        new World(rooms, join(dir, "cache")),
        stage.cache === "ours" ? undefined : module,
        join(dir, "strange"),
      );
      try {
        for (const one of sequence) {
          steps += 1;
          await run.step(one);
        }
        stage.count();
      } finally {
        await run.sides.online.close();
        await rm(dir, { recursive: true, force: true });
      }
    };
    const numRuns = stage.size(1_500, 100_000);
    const found = await fc.check(fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 30, size: "max" }), life), {
      numRuns,
      seed: stage.seed,
      interruptAfterTimeLimit: stage.isLong ? 4 * 3_600_000 : 120_000,
      endOnFailure: stage.untilWrong,
    });
    if (found.failed) {
      stage.wrong(`${found.errorInstance}`.split("\n")[0] ?? "");
      stage.tell(`the shortest: ${JSON.stringify(found.counterexample)}`);
    }
    stage.tell(`${steps.toLocaleString("en")} steps`);
  },
};

class Life {
  /** @param {World} world @param {import("../proof.ts").CacheModule | undefined} module @param {string} strange */
  constructor(world, module, strange) {
    this.world = world;
    this.module = module;
    this.strange = strange;
    this.sides = this.open(false);
    /** @type {Map<string, Known>} */
    this.known = new Map(
      keys.map((name) => [name, { current: undefined, known: undefined, isSure: false, parts: new Set() }]),
    );
    this.versions = 0;
    /** Since when reads may take what is here for a while, though the server is back. */
    this.downUntilMs = Number.NEGATIVE_INFINITY;
  }

  /** @param {boolean} isNewBoot */
  open(isNewBoot) {
    return this.module === undefined ? this.world.ours(isNewBoot) : this.world.theirs(this.module);
  }

  /** @param {{ do: string, key: string, size: number, kind: string, seed: number }} step */
  async step({ do: name, key, size = 0, kind, seed }) {
    const { world } = this;
    const state = /** @type {Known} */ (this.known.get(key));
    const { online, offline } = this.sides;
    switch (name) {
      case "put":
        this.versions += 1;
        await world.put(key, this.versions, sizes[size] ?? 32);
        state.current = this.versions;
        return;
      case "delete there":
        await world.remove(key);
        state.current = undefined;
        return;
      case "go down":
        world.isDown = true;
        return;
      case "come up":
        if (world.isDown) this.downUntilMs = world.nowMs;
        world.isDown = false;
        return;
      case "wait":
        world.nowMs += 45_000;
        return;
      case "prune":
      case "clear":
        await online.prune(name === "prune" ? 250_000 : 0);
        for (const one of this.known.values()) one.isSure = false;
        return;
      case "new process":
      case "new boot":
        await online.close();
        this.sides = this.open(name === "new boot");
        return;
      case "damage":
        return this.damage(key, kind, seed);
      case "write":
        return this.write(key, state, sizes[size] ?? 32);
      case "remove":
        return this.remove(key, state);
      case "stat":
        await online
          .otherVerbs?.(key)
          ["stat"]?.()
          .catch(() => undefined);
        if (state.current === undefined) state.isSure = false;
        return;
      case "read":
        return this.read(key, state, () => online.read(key));
      case "copy":
        return this.read(key, state, () => online.withCopy(key, (path) => readFile(path)));
      case "range":
        return this.range(key, state);
      case "offline read":
        return this.readOffline(key, state, () => offline.read(key));
      default:
        return this.rangeOffline(key, state);
    }
  }

  /** Whether the cache may have given up on the server, which is back. */
  get mayBeLeftAlone() {
    return this.world.isDown || this.world.nowMs - this.downUntilMs <= 30_000;
  }

  /** @param {string} key @param {Known} state @param {() => Promise<Uint8Array>} work */
  async read(key, state, work) {
    const before = this.world.staleNotices;
    const bytes = await outcome(work);
    const isTold = this.world.staleNotices > before;
    if (bytes instanceof Error) {
      const isGone = state.current === undefined && !this.world.isDown;
      if (isGone) [state.known, state.isSure] = [undefined, false];
      else if (!this.world.isDown) throw new Error(`a read of ${key} failed: ${bytes}`);
      else if (state.isSure && this.module === undefined)
        throw new Error(`the server is gone, and the copy of ${key} is not given: ${bytes}`);
      return;
    }
    const version = whole(bytes, key);
    if (version === state.current && !(this.world.isDown && state.known !== version)) {
      [state.known, state.isSure] = [version, true];
      state.parts.add(version);
      return;
    }
    if (!(this.mayBeLeftAlone && isTold && version === state.known)) {
      throw new Error(
        `a read of ${key} gave version ${version}, current ${state.current}, known ${state.known}, stale ${isTold ? "and said so" : "without a word"}`,
      );
    }
  }

  /** @param {string} key @param {Known} state @param {() => Promise<Uint8Array>} work */
  async readOffline(key, state, work) {
    const bytes = await outcome(work);
    if (bytes instanceof Error) {
      if (state.isSure) throw new Error(`offline, the copy of ${key} is not given: ${bytes}`);
      return;
    }
    const version = whole(bytes, key);
    if (version !== state.known) throw new Error(`offline, ${key} is version ${version}, known ${state.known}`);
  }

  /** @param {string} key @param {Known} state */
  async range(key, state) {
    const before = this.world.staleNotices;
    const bytes = await outcome(() => this.sides.online.readRange(key, 0, 12));
    if (bytes instanceof Error) {
      const isGone = state.current === undefined && !this.world.isDown;
      if (isGone) [state.known, state.isSure] = [undefined, false];
      else if (!this.mayBeLeftAlone) throw new Error(`a range of ${key} failed: ${bytes}`);
      return;
    }
    const version = partOf(bytes);
    if (version === state.current) {
      // What is here of another version may stay or go; a simple cache now has all of this one.
      if (version !== state.known) state.isSure = false;
      if (this.module !== undefined) state.known = version;
      state.parts.add(version);
      return;
    }
    const isTold = this.world.staleNotices > before;
    if (!(this.mayBeLeftAlone && isTold && state.parts.has(version)))
      throw new Error(`a range of ${key} is of version ${version}, current ${state.current}`);
  }

  /** @param {string} key @param {Known} state */
  async rangeOffline(key, state) {
    const bytes = await outcome(() => this.sides.offline.readRange(key, 0, 12));
    if (bytes instanceof Error) {
      if (state.isSure) throw new Error(`offline, a range of the copy of ${key} is not given: ${bytes}`);
    } else if (!state.parts.has(partOf(bytes))) {
      throw new Error(`offline, a range of ${key} is of version ${partOf(bytes)}`);
    }
  }

  /** @param {string} key @param {Known} state @param {number} sizeBytes */
  async write(key, state, sizeBytes) {
    this.versions += 1;
    const version = this.versions;
    const failed = await outcome(() => this.sides.online.write(key, makeContent(key, version, sizeBytes)));
    if (failed instanceof Error) {
      if (!this.world.isDown) throw new Error(`a write of ${key} failed: ${failed}`);
      return;
    }
    [state.current, state.known, state.isSure] = [version, version, true];
    state.parts.add(version);
  }

  /** @param {string} key @param {Known} state */
  async remove(key, state) {
    const failed = await outcome(() => this.sides.online.remove(key));
    if (!(failed instanceof Error)) [state.current, state.known, state.isSure] = [undefined, undefined, false];
    else if (!this.world.isDown && state.current !== undefined)
      throw new Error(`the removal of ${key} failed: ${failed}`);
  }

  /** @param {string} key @param {string} kind @param {number} seed */
  async damage(key, kind, seed) {
    const otherKey = /** @type {string} */ (keys[(keys.indexOf(key) + 1) % keys.length]);
    const entry = await this.sides.offline.filesOf(key);
    const other = await this.sides.offline.filesOf(otherKey);
    if (entry === undefined || other === undefined) return;
    // What is gone already cannot be damaged.
    await damages[kind]?.({ entry, other, random: new Random(seed), strange: this.strange }).catch(() => undefined);
    for (const one of [key, otherKey]) /** @type {Known} */ (this.known.get(one)).isSure = false;
  }
}

/** @template T @param {() => Promise<T>} work @returns {Promise<T | Error>} */
const outcome = (work) => work().catch((error) => (error instanceof Error ? error : new Error(String(error))));

/** @param {Uint8Array} bytes @param {string} key */
function whole(bytes, key) {
  const flaw = flawOf(bytes, key);
  if (flaw) throw new Error(`wrong bytes of ${key}: ${flaw}`);
  return versionOf(bytes);
}

/** Of the head of an object. @param {Uint8Array} bytes */
const partOf = (bytes) => Buffer.from(bytes).readUInt32BE(4);
