/**
 * One request from its arrival to its answer: read the address, check the signature, find the operation, misbehave if
 * asked to, run it, turn whatever went wrong into S3's error document.
 */
import type { ServerResponse } from "node:http";
import type { HostRules } from "./address.ts";
import type { Answer } from "./answer.ts";
import { authenticate } from "./auth/authenticate.ts";
import type { AuthSettings } from "./auth/credentials.ts";
import { claimedScope } from "./auth/scope.ts";
import { KeyRing } from "./auth/verify.ts";
import { S3Error, s3Error } from "./errors.ts";
import { type FaultScript, faultRequest } from "./faults/fault-script.ts";
import { runSpoiled, scriptedRefusal } from "./faults/run-spoiled.ts";
import { judgedRequest } from "./faults/skewed-request.ts";
import { UploadBroken } from "./faults/spoiled-request.ts";
import { lostAnswer, type Spoiling, spoiledRefusal } from "./faults/spoiling.ts";
import { isFormUpload, openForm } from "./form/form-request.ts";
import type { IncomingRequest } from "./incoming-request.ts";
import { type Call, type Operation, owner } from "./operation.ts";
import { postObject } from "./operations/post-object.ts";
import { AccessControl } from "./policy/access-control.ts";
import { type RegionRules, settingsFor } from "./regions.ts";
import type { OpenRecord } from "./request-log.ts";
import { findOperation } from "./router.ts";
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
  readonly spoiling: Spoiling | undefined;
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

  /** Never rejects, unless the client is gone. `ids` identify the answer in error documents; faults need the `response`. */
  async handle(
    received: IncomingRequest,
    record: OpenRecord,
    ids: AnswerIds,
    response: ServerResponse,
  ): Promise<Handled> {
    const { faults, storage } = this.#settings;
    let spoiling: Spoiling | undefined;
    try {
      const judged = faults.idle ? received : judgedRequest(received, faults, response);
      const claimed = claimedScope(claimedCredential(judged));
      record.accessKeyId = claimed?.accessKeyId;
      const auth = settingsFor(judged, claimed?.region, this.#settings);
      const isForm = isFormUpload(judged);
      const { request, caller } = isForm
        ? await openForm(judged, auth, this.#keys)
        : { request: judged, caller: authenticate(judged, auth, this.#keys) };
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
      const region = request.target.region ?? this.#settings.region;
      const { isUser } = this.#access;
      const refusalOf: Call["refusalOf"] = (method, name, one, { versionId, etag } = {}) =>
        admission?.refusalOf(one, versionId, etag) ?? this.#keyRefusal(request, method, name, one);
      const call: Call = { request, caller, storage, bucket, key, query, region, refusalOf, isUser };
      if (!faults.idle) spoiling = faults.take(faultRequest(request, operation.name), response.req.socket);
      try {
        return { answer: await this.#run(operation, call, spoiling, response), spoiling };
      } catch (error) {
        throw admission === undefined ? error : admission.disguise(error);
      }
    } catch (error) {
      if (error instanceof UploadBroken) return { answer: { status: 0 }, spoiling: lostAnswer };
      const refusal = this.#asS3Error(error);
      record.errorCode = refusal.code;
      const answer = errorAnswer(refusal, received.target.path, ids);
      return { answer, spoiling: spoiling === undefined ? undefined : spoiledRefusal(spoiling) };
    }
  }

  async #run(
    operation: Operation,
    call: Call,
    spoiling: Spoiling | undefined,
    response: ServerResponse,
  ): Promise<Answer> {
    const { faults, storage } = this.#settings;
    if (faults.idle && spoiling === undefined) return await operation.run(call);
    const run = () =>
      spoiling === undefined ? operation.run(call) : runSpoiled(operation, call, spoiling, faults.earlier, response);
    return faults.remembers
      ? await faults.earlier.around(storage, operation.name, call.request.target, run)
      : await run();
  }

  #keyRefusal(request: IncomingRequest, method: string, operation: string, key: string): S3Error | undefined {
    const { faults } = this.#settings;
    if (faults.idle) return undefined;
    const effect = faults.takeRefusal({ ...faultRequest(request, operation), method, key });
    return effect === undefined ? undefined : scriptedRefusal(effect);
  }

  #asS3Error(error: unknown): S3Error {
    if (error instanceof S3Error) return error;
    this.#settings.onInternalError(error);
    return s3Error("InternalError");
  }
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
