/**
 * A personality: how another S3-compatible store differs from AWS, as a plain value. Each behaviour says what it is, which public
 * issue or document it comes from, and where in a request's life it takes hold. No operation knows a store by its name.
 */
import type { Answer } from "../answer.ts";
import type { Caller } from "../auth/caller.ts";
import type { AuthSettings } from "../auth/credentials.ts";
import type { S3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import type { Storage } from "../storage/storage.ts";
import type { BehaviourDescription, PersonalityDescription } from "./description.ts";

export interface Personality extends PersonalityDescription {
  readonly behaviours: readonly Behaviour[];
}

/** Without a hook it is what this server does anyway. */
export interface Behaviour extends BehaviourDescription, Hooks {}

/** An element of an error document. */
export type ErrorElement = readonly [name: string, text: string];

/** What an operation may ask of the store that it is. */
export type Leave = "parts-in-any-order" | "unprotected-documents";

/** The places where a behaviour can take hold, in the order of a request's life. */
export interface Hooks {
  /** Before the signature is checked: the request as this store sees it, or a refusal thrown. */
  readonly arrives?: (request: IncomingRequest) => IncomingRequest;
  /** Another way of proving who calls; undefined where the request does not try it. Refuses by throwing. */
  readonly authenticates?: (request: IncomingRequest, settings: AuthSettings) => Caller | undefined;
  /** Before the operation: the request as it gets to see it, or a refusal thrown. */
  readonly admits?: (request: IncomingRequest, operation: string) => IncomingRequest;
  /** What the operations find for a storage: other rules for keys, parts and buckets. */
  readonly stores?: (storage: Storage) => Storage;
  /** What an operation may do that AWS forbids. */
  readonly allows?: Leave;
  /** What goes out in place of the operation's answer. */
  readonly answers?: (answer: Answer, operation: string) => Answer;
  /** Another refusal in place of one, or an answer as if nothing were wrong. */
  readonly refuses?: (error: S3Error, operation: string | undefined, request: IncomingRequest) => S3Error | Answer;
  /** The error document's elements, in order. */
  readonly describes?: (elements: readonly ErrorElement[], request: IncomingRequest) => readonly ErrorElement[];
  /** On every answer; names in lower case. */
  readonly sends?: Readonly<Record<string, string>>;
}
