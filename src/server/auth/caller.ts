/** What is known of a request once its signature has been checked. */
import type { CredentialScope } from "./signing.ts";

/** How the body is vouched for. */
export type PayloadRule =
  | { readonly kind: "sha256"; readonly hex: string }
  | { readonly kind: "unsigned" }
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

/** Reads `x-amz-content-sha256`; undefined when it is none of the values that S3 knows. */
export function parsePayloadRule(value: string): PayloadRule | undefined {
  switch (value) {
    case "UNSIGNED-PAYLOAD":
      return { kind: "unsigned" };
    case "STREAMING-UNSIGNED-PAYLOAD-TRAILER":
      return { kind: "chunked", signed: false, trailer: true };
    case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD":
      return { kind: "chunked", signed: true, trailer: false };
    case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER":
      return { kind: "chunked", signed: true, trailer: true };
    default:
      return /^[0-9a-f]{64}$/i.test(value) ? { kind: "sha256", hex: value.toLowerCase() } : undefined;
  }
}
