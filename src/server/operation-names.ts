/** The operations that this server offers, by S3's names: what a log may hold and a test may ask for. */
import { postObject } from "./operations/post-object.ts";
import { accountRoutes, bucketRoutes, objectRoutes } from "./routes.ts";

/** Each once, e.g. `GetObject`. */
export function operationNames(): ReadonlySet<string> {
  const routed = [...accountRoutes, ...bucketRoutes, ...objectRoutes].map(({ operation }) => operation.name);
  // A form is known by its body, not by its address.
  return new Set([...routed, postObject.name]);
}
