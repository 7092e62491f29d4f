/** Carries out an operation under a fault: refuses instead, changes what it sees, changes what it answers. */
import type { ServerResponse } from "node:http";
import type { Answer } from "../answer.ts";
import { describeErrorCode, S3Error, s3Error, usualErrorCode } from "../errors.ts";
import type { Call, Operation } from "../operation.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import type { Storage } from "../storage/storage.ts";
import { deleteObject, replaceObject } from "./change-object.ts";
import type { EarlierObjects } from "./earlier-objects.ts";
import type { FaultEffect } from "./fault.ts";
import { goneSignal } from "./gone-signal.ts";
import { proxyPage } from "./proxy-page.ts";
import { redirection } from "./redirect.ts";
import { spoilAnswer } from "./spoil-answer.ts";
import { spoilRequest } from "./spoiled-request.ts";
import type { Spoiling } from "./spoiling.ts";

/** Errors: the operation's, the scripted ones, UploadBroken. */
export async function runSpoiled(
  operation: Operation,
  call: Call,
  spoiling: Spoiling,
  earlier: EarlierObjects,
  response: ServerResponse,
): Promise<Answer> {
  const { effect, exceeded } = spoiling;
  if (exceeded !== undefined) {
    const { status = 503, code, retryAfterSeconds } = exceeded;
    throw scriptedRefusal({ status, code, retryAfterSeconds });
  }
  const instead = effect === undefined ? undefined : await answerInstead(effect, call.request, response);
  if (instead !== undefined) return instead;
  const { storage, bucket, key } = call;
  if (effect !== undefined && "replaceWith" in effect) await replaceObject(storage, call.request, effect.replaceWith);
  if (effect !== undefined && "deleteBefore" in effect) await deleteObject(storage, call.request);
  const objectBytes = effect !== undefined && "shiftRange" in effect ? sizeOf(storage, bucket, key) : undefined;
  const answer = await operation.run({
    ...call,
    request: spoilRequest(call.request, spoiling, objectBytes, () => goneSignal(response)),
    storage: effect !== undefined && "stale" in effect ? earlier.storage(storage, bucket, key) : storage,
  });
  if (effect === undefined) return answer;
  if ("status" in effect) {
    answer.release?.();
    throw scriptedRefusal(effect);
  }
  return await spoilAnswer(answer, effect, call, objectBytes);
}

/** What is answered in place of the operation; undefined when it is to be carried out. */
async function answerInstead(
  effect: FaultEffect,
  request: IncomingRequest,
  response: ServerResponse,
): Promise<Answer | undefined> {
  if ("status" in effect && effect.carriedOut !== true) throw scriptedRefusal(effect);
  if ("expiredToken" in effect) {
    const details = { "Token-0": request.header("x-amz-security-token") ?? "" };
    throw s3Error("ExpiredToken", { details });
  }
  if ("redirect" in effect) throw redirection(effect.redirect, request, response.req.url ?? "/");
  if ("proxyError" in effect) return proxyPage(effect.proxyError, response);
  if ("errorInBody" in effect) {
    // The body is read first: S3 fails late in these cases.
    for await (const _ of request.body());
    throw new S3Error(effect.errorInBody, 200, describeErrorCode(effect.errorInBody).message);
  }
  if ("silent" in effect || "garbage" in effect) {
    for await (const _ of request.body());
    return { status: 200 };
  }
  return undefined;
}

export function scriptedRefusal(
  effect: Omit<Extract<FaultEffect, { readonly status: number }>, "carriedOut">,
): S3Error {
  const code = effect.code ?? usualErrorCode(effect.status);
  const headers = effect.retryAfterSeconds === undefined ? {} : { "retry-after": String(effect.retryAfterSeconds) };
  return new S3Error(code, effect.status, describeErrorCode(code).message, { headers });
}

function sizeOf(storage: Storage, bucket: string, key: string): number | undefined {
  return key === "" ? undefined : storage.find(bucket, key)?.sizeBytes;
}
