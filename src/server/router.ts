/**
 * Which operation a request is, from its method, whether it names a bucket and a key, and the sub-resources in its query.
 * What S3 has and this server has not is refused by name.
 */
import { type S3Error, s3Error } from "./errors.ts";
import type { IncomingRequest } from "./incoming-request.ts";
import type { Operation } from "./operation.ts";
import { accountRoutes, bucketRoutes, objectRoutes, type Route } from "./routes.ts";

/** Sub-resources that S3 knows and nobody here answers. */
const subResources: ReadonlySet<string> = new Set([
  ..."accelerate acl analytics attributes cors encryption intelligent-tiering inventory legal-hold lifecycle".split(
    " ",
  ),
  ..."logging metadataConfiguration metadataTable metrics notification object-lock ownershipControls".split(" "),
  ..."partNumber policy policyStatus publicAccessBlock renameObject replication requestPayment".split(" "),
  ..."restore retention select session tagging torrent uploadId uploads versioning versions website abac".split(" "),
]);

/** Errors: NotImplemented, MethodNotAllowed, InvalidURI. */
export function findOperation(request: IncomingRequest): Operation {
  const { bucket, key, query } = request.target;
  if (bucket === "" && key !== "") throw s3Error("InvalidURI");
  const routes = bucket === "" ? accountRoutes : key === "" ? bucketRoutes : objectRoutes;
  const route = routes.find((candidate) => fits(candidate, request));
  const unknown = query.pairs.find(([name]) => subResources.has(name) && !route?.query?.includes(name))?.[0];
  if (unknown !== undefined) {
    throw s3Error("NotImplemented", {
      message: `This server does not offer the sub-resource ?${unknown} with ${request.method}`,
      details: { Resource: `?${unknown}`, Method: request.method },
    });
  }
  if (route !== undefined) return route.operation;
  if (request.method === "POST" && bucket !== "" && key === "") throw noForm();
  throw s3Error("MethodNotAllowed", {
    details: { Method: request.method, ResourceType: key === "" ? (bucket === "" ? "SERVICE" : "BUCKET") : "OBJECT" },
  });
}

/** What S3 says to a POST to a bucket that is neither a form nor has a sub-resource; its documentation has another code. */
export function noForm(): S3Error {
  return s3Error("PreconditionFailed", {
    details: { Condition: "Bucket POST must be of the enclosure-type multipart/form-data" },
  });
}

function fits(route: Route, request: IncomingRequest): boolean {
  return (
    route.method === request.method &&
    (route.query ?? []).every((name) => request.target.query.has(name)) &&
    (route.header === undefined || request.header(route.header) !== undefined)
  );
}
