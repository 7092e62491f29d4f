/** Calls that are only planned, and what they cost in requests. */

/** What S3 bills and servers count apart. `put` also begins and completes an upload in parts, `part` is one of them, sent or copied. */
export type RequestKind = "get" | "put" | "part" | "copy" | "head" | "list" | "delete";

/** A call that is only planned, as far as its number of requests depends on it. */
export type PlannedCall =
  | { readonly call: "stat" | "list" }
  | { readonly call: "read"; readonly sizeBytes: number | undefined; readonly inOrder?: boolean | undefined }
  | { readonly call: "write"; readonly sizeBytes: number | undefined; readonly conditional: boolean }
  | {
      readonly call: "copyFrom";
      /** The store of the source. */
      readonly from: { readonly uri: string };
      readonly sizeBytes: number | undefined;
      readonly conditional: boolean;
    }
  | { readonly call: "delete"; readonly conditional: boolean }
  /** `guarded`: each in one version only. */
  | { readonly call: "deleteMany"; readonly keys: number; readonly guarded?: boolean | undefined };

/** Requests of a call, and how often it opens the body that it is given (default once). */
export type PlannedCosts = Readonly<Partial<Record<RequestKind | "openings", number>>>;
