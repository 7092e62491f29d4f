/**
 * From an address to a location under the settings in force: which root, for reading or for writing.
 */
import { type Address, type AddressContext, type Location, resolveAddress } from "../uri/index.ts";
import type { Root } from "./options.ts";
import { assertLocation, type Settings } from "./settings.ts";

/** What bare names and local paths stand on. Without a root, the working folder. */
export function addressContext(settings: Settings, use: "read" | "write", location?: string): AddressContext {
  const { workingFolder, homeFolder } = settings;
  const local = { root: undefined, workingFolder, homeFolder };
  if (location !== undefined) assertLocation(settings.roots, location);
  const root = location === undefined ? (settings.root ?? settings.roots[settings.location]) : settings.roots[location];
  return root === undefined ? local : { ...local, root: rootLocation(root, use, local) };
}

/** Errors: those of `resolveAddress`; misconfigured for a `location` without a root. */
export function locate(settings: Settings, address: Address, use: "read" | "write", location?: string): Location {
  return resolveAddress(address, addressContext(settings, use, location));
}

function rootLocation(root: Root, use: "read" | "write", local: AddressContext): Location {
  if (root instanceof URL) return resolveAddress(root, local);
  const text = typeof root === "string" ? root : root[use];
  // a root that is itself a bare name is a folder of the working directory
  return resolveAddress(text, local);
}
