/** What is known of a request once its signature has been checked. */
import { s3Error } from "../errors.ts";
import type { CredentialScope } from "./signing.ts";

/** How the body is vouched for. */
export type PayloadRule =
  | { readonly kind: "sha256"; readonly hex: string }
  | { readonly kind: "unsigned" }
  /** The file of a form: its length is known when it ends. */
  | { readonly kind: "form" }
  | { readonly kind: "chunked"; readonly signed: boolean; readonly trailer: boolean };

/** What the chain of chunk signatures starts from. */
export interface ChunkSeed {
  readonly key: Uint8Array;
  readonly amzDate: string;
  readonly scope: CredentialScope;
  readonly signature: string;
}

export interface Caller {
  /** Undefined for an anonymous one. */
  readonly accessKeyId: string | undefined;
  readonly payload: PayloadRule;
  readonly seed: ChunkSeed | undefined;
}

/** Reads `x-amz-content-sha256`. Errors: InvalidArgument, NotImplemented. */
export function parsePayloadRule(value: string): PayloadRule {
  switch (value) {
    case "UNSIGNED-PAYLOAD":
      return { kind: "unsigned" };
    case "STREAMING-UNSIGNED-PAYLOAD-TRAILER":
      return { kind: "chunked", signed: false, trailer: true };
    case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD":
      return { kind: "chunked", signed: true, trailer: false };
    case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER":
      return { kind: "chunked", signed: true, trailer: true };
    case "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD":
    case "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER":
      throw s3Error("NotImplemented", { message: `The chunk encoding algorithm ${value} is not supported.` });
    default:
      if (/^[0-9a-f]{64}$/i.test(value)) return { kind: "sha256", hex: value };
      throw s3Error("InvalidArgument", {
        message:
          "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
        details: { ArgumentName: "x-amz-content-sha256", ArgumentValue: value },
      });
  }
}
