/** What every operation of the server is: a name, and a function from a checked request to an answer. */
import type { Answer } from "./answer.ts";
import type { Caller } from "./auth/caller.ts";
import type { S3Error } from "./errors.ts";
import type { Tags } from "./object/tagging.ts";
import type { Leave } from "./personality/personality.ts";
import type { IncomingRequest } from "./request/incoming-request.ts";
import type { Query } from "./request/query.ts";
import type { Storage } from "./storage/storage.ts";

/** A request whose signature holds, and what it works on. */
export interface Call {
  readonly request: IncomingRequest;
  readonly caller: Caller;
  readonly storage: Storage;
  /** `""` for operations on the account. */
  readonly bucket: string;
  /** `""` for operations on the bucket. */
  readonly key: string;
  readonly query: Query;
  /** Where buckets are made that name no region. */
  readonly region: string;
  /** What the store that this server is permits, and AWS does not. */
  readonly allows?: ReadonlySet<Leave> | undefined;
  /** The refusal of one of the keys that a request is about, as if it were a request of its own: denied, or scripted. */
  readonly refusalOf: (method: string, operation: string, key: string, one?: OneOfMany) => S3Error | undefined;
  /** Holds tags that only a body tells against policies that ask for them. Error: AccessDenied. */
  readonly permitTags: (tags: Tags | undefined) => void;
  readonly account: Account;
}

/** Who is who. */
export interface Account {
  /** Whether it has a user of this name. */
  isUser(name: string): boolean;
  /** The ARN of who calls; undefined for nobody known. */
  arnOf(caller: Caller): string | undefined;
}

/** What a request says of one of its keys. */
export interface OneOfMany {
  readonly versionId?: string | undefined;
  /** The entity tag that it must have. */
  readonly etag?: string | undefined;
}

export interface Operation {
  /** As S3's API reference has it. */
  readonly name: string;
  run(call: Call): Promise<Answer>;
}

/** Who owns everything here. */
export const owner = {
  id: "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a",
  displayName: "entrepot",
  accountId: "123456789012",
} as const;
