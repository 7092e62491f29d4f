/** The kinds of request that this server answers, by S3's names: what a log may hold, a test may ask for, and a fault may wait for. */
import type { FaultMethod } from "./faults/fault.ts";
import { accountRoutes, bucketRoutes, formRoutes, objectRoutes } from "./routes.ts";

export const requestMethods: readonly FaultMethod[] = ["GET", "PUT", "HEAD", "POST", "DELETE"];

export interface RequestKind {
  readonly operation: string;
  readonly method: string;
  readonly about: "account" | "bucket" | "object";
}

/** All of them. */
export function requestKinds(): readonly RequestKind[] {
  const kinds = [
    ["account", accountRoutes],
    ["bucket", bucketRoutes],
    // Once it is read, a form is about the key that it names.
    ["object", [...objectRoutes, ...formRoutes]],
  ] as const;
  return kinds.flatMap(([about, routes]) =>
    routes.map(({ method, operation }) => ({ operation: operation.name, method, about })),
  );
}

/** Each once, e.g. `GetObject`. */
export function operationNames(): ReadonlySet<string> {
  return new Set(requestKinds().map(({ operation }) => operation));
}
