/**
 * One request from its arrival to its answer: read the address, check the signature, find the operation, misbehave if
 * asked to, run it, turn whatever went wrong into S3's error document.
 */
import type { HostRules } from "./address.ts";
import type { Answer } from "./answer.ts";
import { authenticate } from "./auth/authenticate.ts";
import type { AuthSettings } from "./auth/credentials.ts";
import { claimedScope } from "./auth/scope.ts";
import { KeyRing } from "./auth/verify.ts";
import { describeErrorCode, S3Error, s3Error, usualErrorCode } from "./errors.ts";
import type { FaultEffect } from "./fault.ts";
import type { FaultScript } from "./faults.ts";
import { isFormUpload, openForm } from "./form/form-request.ts";
import type { IncomingRequest } from "./incoming-request.ts";
import { type Call, owner } from "./operation.ts";
import { postObject } from "./operations/post-object.ts";
import { AccessControl } from "./policy/access-control.ts";
import { type RegionRules, settingsFor } from "./regions.ts";
import { replaceObject } from "./replace-object.ts";
import type { OpenRecord } from "./request-log.ts";
import { findOperation } from "./router.ts";
import { spoilRequest, UploadBroken } from "./spoiled-request.ts";
import type { Storage } from "./storage/storage.ts";
import { plainDocument, textElement } from "./xml-writer.ts";

export interface HandlerSettings {
  readonly auth: AuthSettings;
  readonly storage: Storage;
  /** Where buckets are made that name no region. */
  readonly region: string;
  readonly regions: RegionRules;
  readonly faults: FaultScript;
  /** Told when it is known what a request asks for. */
  readonly onOperation: (record: OpenRecord) => void;
  /** Told of failures that are this server's own. */
  readonly onInternalError: (error: unknown) => void;
}

export interface Handled {
  readonly answer: Answer;
  /** What is left to do to the answer on the wire. */
  readonly effect: FaultEffect | undefined;
}

export class Handler {
  readonly #settings: HandlerSettings;
  readonly #keys = new KeyRing();
  readonly #access: AccessControl;

  constructor(settings: HandlerSettings) {
    this.#settings = settings;
    this.#access = new AccessControl(settings.auth, settings.storage, settings.region);
  }

  /** How Host headers are to be read. */
  get hosts(): HostRules {
    return this.#settings.regions.hosts;
  }

  /** Never rejects, unless the client is gone. `ids` identify the answer in error documents. */
  async handle(incoming: IncomingRequest, record: OpenRecord, ids: AnswerIds): Promise<Handled> {
    try {
      const claimed = claimedScope(claimedCredential(incoming));
      record.accessKeyId = claimed?.accessKeyId;
      const auth = settingsFor(incoming, claimed?.region, this.#settings);
      const isForm = isFormUpload(incoming);
      const { request, caller } = isForm
        ? await openForm(incoming, auth, this.#keys)
        : { request: incoming, caller: authenticate(incoming, auth, this.#keys) };
      requireOwner(request);
      const operation = isForm ? postObject : findOperation(request);
      record.operation = operation.name;
      if (isForm) {
        record.accessKeyId = caller.accessKeyId;
        record.key = request.target.key;
      }
      this.#settings.onOperation(record);
      const { bucket, key, query } = request.target;
      const admission = this.#access.admit(request, caller, operation.name);
      const effect = this.#settings.faults.take(request.method, operation.name, key);
      const { storage } = this.#settings;
      const region = request.target.region ?? this.#settings.region;
      const instead = await this.#misbehave(request, effect, ids);
      if (instead !== undefined) return { answer: instead, effect };
      const seen = effect === undefined ? request : spoilRequest(request, effect);
      const refusalOf: Call["refusalOf"] = (method, name, one, { versionId, etag } = {}) =>
        admission?.refusalOf(one, versionId, etag) ?? this.#keyRefusal(method, name, one);
      const { isUser } = this.#access;
      const call = { request: seen, caller, storage, bucket, key, query, region, refusalOf, isUser };
      try {
        return { answer: await operation.run(call), effect };
      } catch (error) {
        throw admission === undefined ? error : admission.disguise(error);
      }
    } catch (error) {
      if (error instanceof UploadBroken) return { answer: { status: 0 }, effect: { loseAnswer: true } };
      const refusal = this.#asS3Error(error);
      record.errorCode = refusal.code;
      return { answer: errorAnswer(refusal, incoming.target.path, ids), effect: undefined };
    }
  }

  /** What is answered in place of the operation; undefined when it is to be carried out. */
  async #misbehave(
    request: IncomingRequest,
    effect: FaultEffect | undefined,
    ids: AnswerIds,
  ): Promise<Answer | undefined> {
    if (effect === undefined) return undefined;
    if ("status" in effect) throw scriptedRefusal(effect);
    if ("errorInBody" in effect) {
      const { message } = describeErrorCode(effect.errorInBody);
      const refusal = new S3Error(effect.errorInBody, 200, message);
      // The body is read first: S3 fails late in these cases.
      for await (const _ of request.body());
      return errorAnswer(refusal, request.target.path, ids);
    }
    if ("silent" in effect) {
      for await (const _ of request.body());
      return { status: 200 };
    }
    if ("replaceWith" in effect) {
      await replaceObject(this.#settings.storage, request, effect.replaceWith);
    }
    return undefined;
  }

  #keyRefusal(method: string, operation: string, key: string): S3Error | undefined {
    const effect = this.#settings.faults.take(method, operation, key, (one) => "status" in one);
    return effect !== undefined && "status" in effect ? scriptedRefusal(effect) : undefined;
  }

  #asS3Error(error: unknown): S3Error {
    if (error instanceof S3Error) return error;
    this.#settings.onInternalError(error);
    return s3Error("InternalError");
  }
}

function scriptedRefusal(effect: Extract<FaultEffect, { readonly status: number }>): S3Error {
  const code = effect.code ?? usualErrorCode(effect.status);
  const headers = effect.retryAfterSeconds === undefined ? {} : { "retry-after": String(effect.retryAfterSeconds) };
  return new S3Error(code, effect.status, describeErrorCode(code).message, { headers });
}

/** How an answer is named in headers and documents. */
export interface AnswerIds {
  readonly requestId: string;
  readonly hostId: string;
}

/** S3's error document. */
export function errorAnswer(error: S3Error, resource: string, ids: AnswerIds): Answer {
  return {
    status: error.status,
    headers: { "content-type": "application/xml", ...error.headers },
    body: plainDocument(
      "Error",
      textElement("Code", error.code),
      textElement("Message", error.message),
      ...Object.entries(error.details).map(([name, value]) => textElement(name, value)),
      textElement("Resource", resource),
      textElement("RequestId", ids.requestId),
      textElement("HostId", ids.hostId),
    ),
  };
}

/** Clients may insist on whose buckets they use. Error: AccessDenied. */
function requireOwner(request: IncomingRequest): void {
  for (const name of ["x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner"]) {
    const expected = request.header(name);
    if (expected !== undefined && expected !== owner.accountId) throw s3Error("AccessDenied");
  }
}

/** Whoever the request says it is from, before that is checked. */
function claimedCredential(request: IncomingRequest): string | undefined {
  const header = /Credential=([^,\s]+)/.exec(request.header("authorization") ?? "")?.[1];
  return header ?? request.target.query.get("X-Amz-Credential");
}
