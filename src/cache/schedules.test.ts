/**
 * Readers of one object in one process and in two, while others replace it, in thousands of orders of events: nobody gets a version
 * that was replaced before it began to read, and each version is fetched once.
 */
import fc, { type Scheduler } from "fast-check";
import { expect, test } from "vitest";
import { BytesSink, type ObjectInfo, type ObjectStore } from "../store/index.ts";
import { Changes } from "./changes.ts";
import { openCircuit } from "./circuit.ts";
import type { Desk } from "./desk.ts";
import type { EntryId } from "./layout.ts";
import { LocalCopy } from "./local-copy.ts";
import { Answers, type HeldLock, type Taken, type Ticks } from "./locks/index.ts";
import { openFlights, readWhole } from "./read-whole.ts";
import type { EntryRecord } from "./record.ts";
import type { CommitDetails, Shelf } from "./shelf.ts";
import { Spool, type Spooled } from "./spool.ts";

/** The server: one object, of which version n says n. */
class Server {
  version = 1;
  readonly bodies: number[] = [];
  readonly #s: Scheduler;

  constructor(s: Scheduler) {
    this.#s = s;
  }

  readonly read: ObjectStore["read"] = async (key, sink, options = {}) => {
    await this.#s.schedule(Promise.resolve(), "the server looks");
    const { version } = this;
    await this.#s.schedule(Promise.resolve(), "the answer comes");
    const etag = `"${version}"`;
    if (options.ifNoneMatch === etag) return "not-modified";
    this.bodies.push(version);
    const bytes = new TextEncoder().encode(String(version));
    const range = { start: 0, end: bytes.byteLength };
    const info: ObjectInfo = { key, sizeBytes: bytes.byteLength, modifiedMs: 0, etag, versionId: undefined };
    sink.start(info, range);
    await this.#s.schedule(Promise.resolve(), "the body comes");
    await sink.write(bytes);
    return { info, range, verified: "checksum" };
  };
}

/** What all processes see of one cache folder. */
class Folder {
  kept: { readonly record: EntryRecord; readonly bytes: Uint8Array<ArrayBuffer> } | undefined;
  locked = false;
}

function fakeShelf(s: Scheduler, folder: Folder, hasLocks: boolean): Shelf {
  const step = (label: string) => s.schedule(Promise.resolve(), label);
  const copyOf = ({ record, bytes }: NonNullable<Folder["kept"]>) =>
    new LocalCopy(record, "/data", true, { bytes }, () => undefined);
  const place = { disk: undefined as never, folder: "/", suffix: "", mode: 0, folderMode: 0 };
  const lock = async (): Promise<Taken> => {
    if (!hasLocks) return "without";
    await step("look at the lock");
    if (!folder.locked) {
      folder.locked = true;
      const release = async () => {
        await step("let go");
        folder.locked = false;
      };
      return { release, attend: () => undefined } as unknown as HeldLock;
    }
    while (folder.locked) await step("wait");
    return "freed";
  };
  const shelf: Partial<Shelf> = {
    isUsable: async () => true,
    open: async () => {
      await step("look for a copy");
      return folder.kept === undefined ? "none" : copyOf(folder.kept);
    },
    lock,
    spool: (_id: EntryId, sizeBytes: number | undefined) => new Spool(place, sizeBytes),
    commit: async (id: EntryId, info: ObjectInfo, spooled: Spooled, details: CommitDetails) => {
      await step("publish");
      if (!details.isWanted()) return undefined;
      const { verified, complete, answered } = details;
      const record: EntryRecord = {
        ...{ entry: id.hash, uri: id.uri, info, verified, complete, answered },
        ...{ expired: false, fetchedMs: 0, checkedMs: 0, dataName: "data", ...spooled.digest },
        file: { inode: "1", sizeBytes: info.sizeBytes, modifiedNs: "0", changedNs: "0" },
        witness: { bootId: "boot", host: "host" },
      };
      folder.kept = { record, bytes: (spooled.bytes ?? new Uint8Array()).slice() };
      return record;
    },
    adopt: async (record, bytes) => copyOf({ record, bytes: bytes ?? new Uint8Array() }),
    amend: async () => undefined,
    forget: async () => undefined,
    confirm: async () => undefined,
    later: () => undefined,
    warn: (error) => {
      throw error;
    },
  };
  return shelf as Shelf;
}

function openDesk(s: Scheduler, server: Server, folder: Folder, ticks: Ticks, hasLocks: boolean): Desk {
  const disk = { stat: async () => undefined } as never;
  return {
    store: { uri: "s3://bucket/", read: server.read } as unknown as ObjectStore,
    shelf: fakeShelf(s, folder, hasLocks),
    changes: new Changes(),
    flights: openFlights(ticks),
    options: { identity: ["s3"], reader: "us", circuit: openCircuit(() => 0), network: "auto" },
    answers: new Answers({ disk, witness: async () => ({ bootId: "boot", host: "host" }) }),
    ...{ now: () => 0, ticks, tempDir: async () => "/", largestBytes: () => undefined, wake: () => undefined },
  } as unknown as Desk;
}

test.each<[string, number, boolean]>([
  ["in one process", 1, true],
  ["in two processes", 2, true],
  ["in two processes without locks", 2, false],
])(
  "%s nobody gets a version older than the beginning of the read, in 2,000 orders of events",
  async (_, count, hasLocks) => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.constantFrom("read", "read", "read", "replace"), { minLength: 2, maxLength: 8 }),
        async (s, plan) => {
          const [server, folder] = [new Server(s), new Folder()];
          let ns = 0n;
          const ticks: Ticks = {
            now: () => 0,
            sharedNs: () => ++ns,
            sleep: async () => undefined,
            every: () => () => undefined,
          };
          const desks = Array.from({ length: count }, () => openDesk(s, server, folder, ticks, hasLocks));
          const works = plan.map(async (what, index) => {
            await s.schedule(Promise.resolve(), `${what} ${index}`);
            if (what === "replace") {
              server.version += 1;
              return;
            }
            const oldest = server.version;
            const sink = new BytesSink();
            await readWhole(desks[index % count] as Desk, "k", sink);
            const version = Number(new TextDecoder().decode(sink.bytes));
            expect(version).toBeGreaterThanOrEqual(oldest);
            expect(version).toBeLessThanOrEqual(server.version);
          });
          await s.waitFor(Promise.all(works));
          if (count === 1) expect(new Set(server.bodies).size).toBe(server.bodies.length);
          // Whoever finds an old copy asks for itself.
          else if (hasLocks) expect(server.bodies.lastIndexOf(server.bodies[0] ?? 0)).toBeLessThanOrEqual(0);
        },
      ),
      { numRuns: 2_000 },
    );
  },
  60_000,
);
