/** Address ↔ value, losslessly. */
export type {
  Address,
  FileLocation,
  HttpLocation,
  Location,
  MemoryLocation,
  ObjectAddress,
  S3Location,
} from "./location.ts";
