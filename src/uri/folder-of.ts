/** Folders as locations: the missing slash, and a literal name below one. */
import { EntrepotError } from "../error/index.ts";
import { encodePath, fileLocation, hasDotSegment } from "./file-uri.ts";
import { httpLocation } from "./http-uri.ts";
import { checkKey, quoted } from "./legal-name.ts";
import type { Location } from "./location.ts";
import { s3Location } from "./s3-uri.ts";

/**
 * The same place as a folder: a missing final `/` is added; a bucket and the account are folders already. Errors:
 * invalid-address for one version of an object, unsupported for a URL with a query.
 */
export function folderOf(location: Location): Location {
  switch (location.scheme) {
    case "s3":
      if (location.versionId !== undefined) {
        throw new EntrepotError("invalid-address", "one version of an object is not a folder", {
          hint: "leave ?versionId= out",
        });
      }
      return location.bucket === "" ? location : s3Location(location.bucket, folderKey(location.key), undefined);
    case "memory":
      return { scheme: "memory", key: checkKey(folderKey(location.key)) };
    case "file":
      return { scheme: "file", path: location.path.endsWith("/") ? location.path : `${location.path}/` };
    case "http":
    case "https": {
      if (/[?#]/.test(location.url)) {
        throw new EntrepotError("unsupported", "a URL with a query is not a folder", { hint: "give each URL in full" });
      }
      return location.url.endsWith("/") ? location : httpLocation(location.scheme, `${location.url}/`);
    }
  }
}

/**
 * A name below a folder (which ends in `/`), taken literally; under `file:` its `.` and `..` are resolved, in a URL it is
 * percent-encoded. In the account the first segment is the bucket. Errors: invalid-address, unsafe-key.
 */
export function appendName(folder: Location, name: string): Location {
  switch (folder.scheme) {
    case "s3": {
      if (folder.bucket !== "") return s3Location(folder.bucket, folder.key + name, undefined);
      const slash = name.indexOf("/");
      if (slash === -1) return s3Location(name, "", undefined);
      return s3Location(name.slice(0, slash), name.slice(slash + 1), undefined);
    }
    case "memory":
      return { scheme: "memory", key: checkKey(folder.key + name) };
    case "file":
      return fileLocation(folder.path + name);
    case "http":
    case "https":
      if (hasDotSegment(name)) {
        throw new EntrepotError("unsafe-key", `${quoted(name)} means something else in a URL`, {
          hint: "leave . and .. out",
        });
      }
      return httpLocation(folder.scheme, folder.url + encodePath(name));
  }
}

function folderKey(key: string): string {
  return key === "" || key.endsWith("/") ? key : `${key}/`;
}
