/** Where a listing goes on, as an opaque token that clients cannot make up. */
import { createHash } from "node:crypto";
import { s3Error } from "../errors.ts";
import type { Position } from "./listing.ts";

/** Base64 with a checksum. */
export function formatToken(position: Position): string {
  const text = JSON.stringify(position);
  return Buffer.from(`${seal(text)}${text}`).toString("base64");
}

/** Error: InvalidArgument for whatever `formatToken` has not made. */
export function parseToken(token: string): Position {
  const text = Buffer.from(token, "base64").toString();
  if (token !== "" && Buffer.from(text).toString("base64") === token && seal(text.slice(8)) === text.slice(0, 8)) {
    return JSON.parse(text.slice(8)) as Position;
  }
  throw s3Error("InvalidArgument", {
    message: "The continuation token provided is incorrect",
    details: { ArgumentName: "continuation-token" },
  });
}

function seal(text: string): string {
  return createHash("sha256").update("entrepot listing").update(text).digest("hex").slice(0, 8);
}
