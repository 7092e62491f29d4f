/**
 * Fails one operation of the file system, the Nth, for tests that count N up from 1 until nothing fails any more:
 * then every operation was the one that failed, and none can leave damage behind.
 */
import { constants } from "node:os";
import type { FsOperations } from "./fs-operations.ts";

/** What happens at the Nth operation. */
export type FsFault =
  /** It fails with this errno, e.g. `"EIO"`; with `persistent` so does everything after it. */
  | { readonly errno: string; readonly persistent?: boolean | undefined }
  /** The process is as good as dead: nothing happens to the disk from here on. */
  | { readonly crash: true }
  /** A read or write does half of its work and says so; other operations are not touched. */
  | { readonly short: true };

/** The operations to give to `openNodeDisk`, and what became of the fault. */
export interface FailingOperations {
  readonly operations: FsOperations;
  /** The names of the operations so far, `close` not counted. */
  readonly calls: readonly string[];
  /** Whether the Nth operation was reached. */
  readonly fired: boolean;
}

/** Thrown by every operation after a crash; it is no EntrepotError, because no program ever sees it. */
export class SimulatedCrash extends Error {
  override readonly name = "SimulatedCrash";
}

/** Wraps `operations` so that number `nth` (from 1) meets `fault`. */
export function failNth(operations: FsOperations, nth: number, fault: FsFault): FailingOperations {
  const calls: string[] = [];
  const before = (name: string): boolean => {
    calls.push(name);
    if ("short" in fault) return calls.length === nth;
    if ("crash" in fault) {
      if (calls.length >= nth) throw new SimulatedCrash(`crashed before operation ${nth}`);
      return false;
    }
    if (calls.length === nth || (fault.persistent === true && calls.length > nth)) throw injected(fault.errno, name);
    return false;
  };
  return {
    operations: wrap(operations, before),
    calls,
    get fired() {
      return calls.length >= nth;
    },
  };
}

type AnyOperation = (...args: unknown[]) => unknown;

function wrap(operations: FsOperations, before: (name: string) => boolean): FsOperations {
  const wrapped: Record<string, AnyOperation> = {};
  for (const [name, operation] of Object.entries(operations) as [string, AnyOperation][]) {
    const run: AnyOperation = (...args) => {
      // Descriptors are closed even by a crash; the operating system does the same.
      if (name === "close") return operation(...args);
      return operation(...(before(name) ? halved(name, args) : args));
    };
    // What runs later also fails later: as a rejection, never as a throw.
    wrapped[name] = name.endsWith("Later") ? async (...args) => run(...args) : run;
  }
  return wrapped as unknown as FsOperations;
}

/** Halves the length of `read(fd, bytes, offset, length, position)` and its kin. */
function halved(name: string, args: readonly unknown[]): unknown[] {
  const length = args[3];
  if (!/^(?:read|write)(?:Later)?$/.test(name) || typeof length !== "number") return [...args];
  return args.with(3, Math.ceil(length / 2));
}

function injected(errno: string, syscall: string): Error {
  const number = (constants.errno as Readonly<Record<string, number>>)[errno];
  if (number === undefined) throw new TypeError(`${errno} is no errno of this machine`);
  return Object.assign(new Error(`${errno}: injected, ${syscall}`), { code: errno, errno: -number, syscall });
}
