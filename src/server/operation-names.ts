/** The operations that this server offers, by S3's names: what a log may hold and a test may ask for. */
import { accountRoutes, bucketRoutes, objectRoutes } from "./routes.ts";

/** Each once, e.g. `GetObject`. */
export function operationNames(): ReadonlySet<string> {
  return new Set([...accountRoutes, ...bucketRoutes, ...objectRoutes].map(({ operation }) => operation.name));
}
