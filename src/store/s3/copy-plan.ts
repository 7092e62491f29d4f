/** A copy inside a service, decided and not yet done. */
import type { ResponseHeaders } from "../../net/index.ts";
import type { CopySource, ObjectInfo, WriteOptions } from "../object-store.ts";
import type { BucketContext } from "./bucket-context.ts";

export interface CopyPlan {
  readonly to: BucketContext;
  readonly from: BucketContext;
  readonly source: CopySource;
  readonly key: string;
  /** Of the target. */
  readonly uri: string;
  /** The version that is copied. */
  readonly info: ObjectInfo;
  /** What the server says of it. */
  readonly head: ResponseHeaders;
  /** Which object, in this version only. */
  readonly sourceHeaders: Readonly<Record<string, string>>;
  /** How the target is described. */
  readonly description: Readonly<Record<string, string>>;
  /** Whether that is said to be so, and not taken over by the server. */
  readonly replaces: boolean;
  /** Storage class, and tags if new ones were given. */
  readonly beside: Readonly<Record<string, string>>;
  readonly options: WriteOptions;
}
