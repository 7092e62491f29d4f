/**
 * One request before the policies of the buckets that it is about: the target, the source of a copy, each key of many.
 * A refusal names the permission that lacks and why ("Troubleshoot access denied errors in Amazon S3").
 */

import { S3Error, s3Error } from "../errors.ts";
import { type CopySourceAddress, parseCopySource } from "../object/copy-source.ts";
import { encryptionHeaders } from "../object/encryption.ts";
import { parseTagging, type Tags } from "../object/tagging.ts";
import type { Operation } from "../operation.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import type { BucketRecord, ObjectRecord } from "../storage/records.ts";
import type { Storage } from "../storage/storage.ts";
import { isDeleteMarker } from "../storage/versions-of-key.ts";
import { evaluate, type Verdict } from "./evaluate.ts";
import { isPublic } from "./is-public.ts";
import { deleteActions, neededPermissions, ofPolicies, ofUploads } from "./needed-permissions.ts";
import { rootArn } from "./parse-principals.ts";
import type { Policy } from "./policy.ts";
import { requestContext } from "./request-context.ts";

export interface AdmissionParts {
  readonly request: IncomingRequest;
  readonly operation: string;
  /** ARN; undefined for nobody known. */
  readonly principal: string | undefined;
  readonly region: string;
  readonly storage: Storage;
  readonly policyOf: (record: BucketRecord) => Policy | undefined;
}

/** One action on one thing. */
interface Act {
  /** `GetObject`, without its prefix. */
  readonly action: string;
  readonly bucket: string;
  /** `""` for the bucket itself. */
  readonly key: string;
  readonly versionId: string | undefined;
  readonly ifMatch?: string | undefined;
  /** Those of the body; default: those of the header. */
  readonly requestTags?: Tags | undefined;
  /** Whether it is what a copy reads. */
  readonly isSource?: boolean | undefined;
}

export class Admission {
  readonly #parts: AdmissionParts;
  #source: CopySourceAddress | undefined;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /** Errors: AccessDenied, MethodNotAllowed, and those of `parseCopySource`. */
  begin(): void {
    const { request, operation, principal } = this.#parts;
    const { bucket, key, query } = request.target;
    if (bucket === "") {
      this.#demandAccount();
      return;
    }
    if (principal === undefined && operation === "CreateMultipartUpload") {
      throw s3Error("AccessDenied", {
        message: "Anonymous users cannot initiate multipart uploads.  Please authenticate.",
      });
    }
    const versionId = query.get("versionId");
    const tagsToCome = operation === "PutObjectTagging" && this.#asksForRequestTags(bucket);
    for (const { action, on } of neededPermissions({ operation, versioned: versionId !== undefined, request })) {
      if (!tagsToCome) this.#demand({ action, bucket, key: on === "bucket" ? "" : key, versionId });
    }
    // Those who are not of the bucket's account may not touch its policy, whatever it says.
    if (principal === undefined && ofPolicies.has(operation)) throw s3Error("MethodNotAllowed");
    if (operation === "CopyObject" || operation === "UploadPartCopy") this.#demandSource(operation);
  }

  /** The refusal of one key of a DeleteObjects. */
  refusalOf(key: string, versionId: string | undefined, ifMatch: string | undefined): S3Error | undefined {
    const { request } = this.#parts;
    const { bucket } = request.target;
    const bypass = request.header("x-amz-bypass-governance-retention");
    for (const action of deleteActions(versionId !== undefined, ifMatch, bypass)) {
      const refusal = this.#refusal({ action, bucket, key, versionId, ifMatch });
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  /** What could not be asked before the body was read: PutObjectTagging with its tags. Error: AccessDenied. */
  permitTags(tags: Tags | undefined): void {
    const { bucket, key, query } = this.#parts.request.target;
    const versionId = query.get("versionId");
    const action = versionId === undefined ? "PutObjectTagging" : "PutObjectVersionTagging";
    this.#demand({ action, bucket, key, versionId, requestTags: tags });
  }

  /** The operation as this caller sees it: who may not list a bucket does not learn that a key is not there ("GetObject"). */
  guard(operation: Operation): Operation {
    return {
      name: operation.name,
      run: async (call) => {
        try {
          return await operation.run(call);
        } catch (error) {
          throw this.#disguise(error);
        }
      },
    };
  }

  #disguise(error: unknown): unknown {
    if (!(error instanceof S3Error) || (error.code !== "NoSuchKey" && error.code !== "NoSuchVersion")) return error;
    const { bucket } = this.#source ?? this.#parts.request.target;
    return this.#refusal({ action: "ListBucket", bucket, key: "", versionId: undefined }) ?? error;
  }

  #asksForRequestTags(bucket: string): boolean {
    const { storage, policyOf } = this.#parts;
    const record = storage.findBucket(bucket);
    const policy = record === undefined ? undefined : policyOf(record);
    const keys = policy?.statements.flatMap(({ conditions }) => conditions.map(({ key }) => key)) ?? [];
    return keys.some((key) => key.startsWith("s3:requestobjecttag"));
  }

  /** No bucket's policy is about the account, or about buckets to come. */
  #demandAccount(): void {
    const { principal, operation } = this.#parts;
    if (principal === rootArn) return;
    throw denied(principal, operation === "ListBuckets" ? "ListAllMyBuckets" : operation, undefined, "none");
  }

  #demandSource(operation: string): void {
    const source = parseCopySource(this.#parts.request);
    this.#source = source;
    const { bucket, key, versionId } = source;
    const act = { bucket, key, versionId, isSource: true };
    this.#demand({ ...act, action: versionId === undefined ? "GetObject" : "GetObjectVersion" });
    if (operation !== "CopyObject" || this.#parts.request.header("x-amz-tagging-directive") === "REPLACE") return;
    if (Object.keys(this.#find(bucket, key, versionId)?.tags ?? {}).length === 0) return;
    // Tags go along with the bytes, for who may read them and write them.
    this.#demand({ ...act, action: versionId === undefined ? "GetObjectTagging" : "GetObjectVersionTagging" });
    const { target } = this.#parts.request;
    this.#demand({ action: "PutObjectTagging", bucket: target.bucket, key: target.key, versionId: undefined });
  }

  #demand(act: Act): void {
    const refusal = this.#refusal(act);
    if (refusal !== undefined) throw refusal;
  }

  #refusal(act: Act): S3Error | undefined {
    const { principal, storage } = this.#parts;
    const record = storage.findBucket(act.bucket);
    const isMade = act.action !== "CreateBucket";
    // A bucket that is not there is for the operation to report.
    if (record === undefined && isMade) return undefined;
    const resource = `arn:aws:s3:::${act.bucket}${act.key === "" ? "" : `/${act.key}`}`;
    const verdict = record === undefined ? "none" : this.#verdict(record, act, resource);
    if (verdict === "deny") return denied(principal, act.action, resource, verdict);
    if (principal === rootArn || (verdict === "allow" && isMade)) return undefined;
    return denied(principal, act.action, resource, "none");
  }

  #verdict(record: BucketRecord, act: Act, resource: string): Verdict {
    const { principal, policyOf, request, operation, region } = this.#parts;
    const policy = policyOf(record);
    if (policy === undefined) return "none";
    const restricted = record.publicAccessBlock?.restrictPublicBuckets === true && principal === undefined;
    const context = requestContext({
      request,
      operation,
      principal,
      region,
      versionId: act.versionId,
      ifMatch: act.ifMatch,
      existingTags: () => this.#existingTags(act),
      requestTags: () => act.requestTags ?? parseTagging(request.header("x-amz-tagging")),
      uploadEncryption: () => this.#uploadEncryption(),
    });
    const verdict = evaluate(policy, { principal, action: `s3:${act.action.toLowerCase()}`, resource, context });
    return verdict === "allow" && restricted && isPublic(policy) ? "none" : verdict;
  }

  /** S3 does not look at them for GetObjectAttributes, nor for what CopyObject reads; it does for UploadPartCopy. */
  #existingTags({ action, bucket, key, versionId, isSource }: Act): Tags | undefined {
    if (action.endsWith("Attributes") || (isSource === true && this.#parts.operation === "CopyObject"))
      return undefined;
    return this.#find(bucket, key, versionId)?.tags;
  }

  #find(bucket: string, key: string, versionId: string | undefined): ObjectRecord | undefined {
    const { storage } = this.#parts;
    if (storage.findBucket(bucket) === undefined || key === "") return undefined;
    if (versionId === undefined) return storage.find(bucket, key);
    const found = storage.findVersion(bucket, key, versionId);
    return found === undefined || isDeleteMarker(found) ? undefined : found;
  }

  #uploadEncryption(): Readonly<Record<string, string>> {
    const { operation, request, storage } = this.#parts;
    if (!ofUploads.has(operation)) return {};
    const { bucket, key, query } = request.target;
    try {
      const { encryption } = storage.upload(bucket, key, query.get("uploadId") ?? "");
      // A customer's key must come with each part.
      return encryption?.customerKeyMd5 === undefined ? encryptionHeaders(encryption) : {};
    } catch {
      return {};
    }
  }
}

/** Strangers are told nothing. */
function denied(principal: string | undefined, action: string, resource: string | undefined, why: Verdict): S3Error {
  if (principal === undefined) return s3Error("AccessDenied");
  const reason =
    why === "deny"
      ? "with an explicit deny in a resource-based policy"
      : `because no identity-based policy allows the s3:${action} action`;
  const on = resource === undefined ? "" : ` on resource: "${resource}"`;
  return s3Error("AccessDenied", {
    message: `User: ${principal} is not authorized to perform: s3:${action}${on} ${reason}`,
  });
}
