/**
 * Which operation a request is, from its method, whether it names a bucket and a key, and the sub-resources in its query.
 * What S3 has and this server has not is refused by name.
 */
import { type S3Error, s3Error } from "./errors.ts";
import { refuseVersionId } from "./object/versions.ts";
import type { Operation } from "./operation.ts";
import type { IncomingRequest } from "./request/incoming-request.ts";
import type { Query } from "./request/query.ts";
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

/** Errors: NotImplemented, MethodNotAllowed, InvalidRequest, InvalidArgument, InvalidURI. */
export function findOperation(request: IncomingRequest): Operation {
  const { bucket, key, query } = request.target;
  if (bucket === "" && key !== "") throw s3Error("InvalidURI");
  refuseMisplaced(request);
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

/** What no operation has: a copy's source elsewhere, a version of a bucket, a bucket's sub-resource with a key, half of a part's address. */
function refuseMisplaced({ method, target: { bucket, key, query }, header }: IncomingRequest): void {
  const copySource = header("x-amz-copy-source");
  if (copySource !== undefined && method !== "PUT") {
    throw s3Error("InvalidArgument", {
      message: "You can only specify a copy source header for copy requests.",
      details: { ArgumentName: "x-amz-copy-source", ArgumentValue: copySource },
    });
  }
  if (key === "") {
    // A client that has lost the key must not delete the bucket: measured in github.com/brekkylab/backlot.
    if (bucket !== "") refuseVersionId({ query });
    return;
  }
  if (method === "GET" && query.has("uploads")) {
    throw s3Error("InvalidRequest", { message: "Key is not expected for the GET method ?uploads subresource" });
  }
  if (method === "GET" && query.has("versions")) {
    throw s3Error("InvalidRequest", {
      message: "There is no such thing as the ?versions sub-resource for a key",
    });
  }
  if (method !== "PUT" || query.has("uploadId") === query.has("partNumber")) return;
  if (query.has("uploadId")) {
    throw s3Error("MethodNotAllowed", {
      details: { Method: method, ResourceType: "UPLOAD" },
      headers: { allow: "DELETE, POST, GET" },
    });
  }
  throw s3Error("InvalidArgument", {
    message: "This operation does not accept partNumber without uploadId",
    details: { ArgumentName: "partNumber", ArgumentValue: "partNumber" },
  });
}

function fits(route: Route, request: IncomingRequest): boolean {
  return (
    route.method === request.method &&
    (route.query ?? []).every((one) => holds(request.target.query, one)) &&
    (route.header === undefined || request.header(route.header) !== undefined)
  );
}

/** `name`, or `name=value`. */
function holds(query: Query, wanted: string): boolean {
  const equals = wanted.indexOf("=");
  return equals < 0 ? query.has(wanted) : query.get(wanted.slice(0, equals)) === wanted.slice(equals + 1);
}
