/** Address ↔ value, losslessly. */
export { compareKeys } from "./compare-keys.ts";
export { folderOf } from "./folder-of.ts";
export { compileGlob, type Glob, hasGlob } from "./glob.ts";
export { joinUri, nameOfUri, parentUri } from "./join-uri.ts";
export { maxKeyBytes } from "./legal-name.ts";
export type {
  Address,
  FileLocation,
  HttpLocation,
  Location,
  MemoryLocation,
  ObjectAddress,
  S3Location,
} from "./location.ts";
export { formatUri, isUri, parseUri } from "./parse-uri.ts";
export { type AddressContext, isLocalPath, resolveAddress } from "./resolve-address.ts";
export { escapeGlob, type ResolvedGlob, resolveGlob } from "./resolve-glob.ts";
