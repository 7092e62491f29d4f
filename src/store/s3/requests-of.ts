/** How many requests a call makes when nothing fails, counted before it is made. Asks nobody. */
import type { PlannedCall, PlannedCosts } from "../planned-calls.ts";
import { partsOfRead } from "../remote/division.ts";
import type { BucketContext } from "./bucket-context.ts";
import { mostKeys } from "./delete-document.ts";
import { objectUri } from "./s3-calls.ts";
import { partBytesOf } from "./upload-limits.ts";

/** `from` is the bucket behind the source of a copy, where it is one of the same service. Error: limit-exceeded as for a write. */
export function requestsOf(
  context: BucketContext,
  call: PlannedCall,
  from: BucketContext | undefined,
): PlannedCosts | undefined {
  switch (call.call) {
    case "stat":
      return { head: 1 };
    case "list":
      return { list: 1 };
    case "read":
      return { get: context.parallel.inFlight < 2 ? 1 : partsOfRead(call.sizeBytes, call.inOrder === true) };
    case "write":
      return writeRequests(context, call.sizeBytes, call.conditional);
    case "copyFrom":
      return from?.sender === context.sender ? copyRequests(context, call.sizeBytes, call.conditional) : undefined;
    case "delete":
      return call.conditional ? singly(context, 1) : { delete: 1 };
    case "deleteMany":
      return call.guarded === true ? guardedDeletions(context, call.keys) : deletions(context, call.keys);
  }
}

function deletions({ findings }: BucketContext, keys: number): PlannedCosts {
  return { delete: findings.deletesMany ? Math.ceil(keys / mostKeys) : keys };
}

/** A server that is not AWS is asked once whether it heeds conditions here; one that does not is asked for each, which it alone knows. */
function guardedDeletions(context: BucketContext, keys: number): PlannedCosts {
  const { findings, sender } = context;
  const alone = keys % mostKeys === 1 ? 1 : 0;
  if (!findings.deletesMany || findings.heedsEtagsOfMany === false) return singly(context, keys);
  const { head = 0, delete: deleted = 0 } = singly(context, alone);
  const asked = sender.endpoint.aws || findings.heedsEtagsOfMany === true || keys < 2 ? 0 : 1;
  return { head: head + asked, delete: deleted + Math.ceil((keys - alone) / mostKeys) + asked };
}

/** Servers other than AWS are first asked which version they have. */
function singly({ sender }: BucketContext, keys: number): PlannedCosts {
  return sender.endpoint.aws ? { delete: keys } : { head: keys, delete: keys };
}

function writeRequests(context: BucketContext, sizeBytes: number | undefined, conditional: boolean): PlannedCosts {
  const { sender, uploads } = context;
  if (sizeBytes === undefined || sizeBytes <= uploads.singleBytes || sender.identity.anonymous) {
    // What is no bytes at hand is read once more before, for the signature to cover it.
    const openings = sizeBytes === undefined || sizeBytes === 0 || sender.endpoint.aws ? 1 : 2;
    return { put: 1, openings };
  }
  const parts = Math.ceil(sizeBytes / partBytesOf(sizeBytes, uploads, objectUri(context.bucket, "")));
  const looks = conditional ? (sender.endpoint.aws ? 1 : 2) : 0;
  return { put: 2, part: parts, head: looks };
}

function copyRequests(
  context: BucketContext,
  sizeBytes: number | undefined,
  conditional: boolean,
): PlannedCosts | undefined {
  const { sender, copies, bucket } = context;
  if (conditional && !sender.endpoint.aws) return undefined;
  if (sizeBytes === undefined || sizeBytes <= copies.wholeBytes) return { head: 1, copy: 1 };
  const parts = Math.ceil(sizeBytes / partBytesOf(sizeBytes, copies, objectUri(bucket, "")));
  return { head: 1, put: 2, part: parts };
}
