/**
 * One request from its arrival to its answer: read the address, check the signature, find the operation, misbehave if
 * asked to, run it, turn whatever went wrong into S3's error document.
 */
import type { ServerResponse } from "node:http";
import type { Answer } from "./answer.ts";
import { authenticate } from "./auth/authenticate.ts";
import type { Caller } from "./auth/caller.ts";
import type { AuthSettings } from "./auth/credentials.ts";
import { withHoistedMetadata } from "./auth/hoisted-metadata.ts";
import { isPresigned } from "./auth/other-schemes.ts";
import { claimedScope } from "./auth/scope.ts";
import { KeyRing } from "./auth/verify.ts";
import { S3Error, s3Error } from "./errors.ts";
import { type FaultScript, faultRequest } from "./faults/fault-script.ts";
import { runSpoiled, scriptedRefusal } from "./faults/run-spoiled.ts";
import { judgedRequest } from "./faults/skewed-request.ts";
import { UploadBroken } from "./faults/spoiled-request.ts";
import { lostAnswer, type Spoiling, spoiledRefusal } from "./faults/spoiling.ts";
import { isFormUpload, openForm } from "./form/form-request.ts";
import { type Call, type Operation, owner } from "./operation.ts";
import { postObject } from "./operations/post-object.ts";
import type { Conduct } from "./personality/conduct.ts";
import type { ErrorElement } from "./personality/personality.ts";
import { AccessControl } from "./policy/access-control.ts";
import { type RegionRules, settingsFor } from "./regions.ts";
import type { HostRules } from "./request/address.ts";
import type { IncomingRequest } from "./request/incoming-request.ts";
import type { OpenRecord } from "./request-log.ts";
import { findOperation } from "./router.ts";
import type { Storage } from "./storage/storage.ts";
import { plainDocument, textElement } from "./xml/xml-writer.ts";

export interface HandlerSettings {
  readonly auth: AuthSettings;
  readonly storage: Storage;
  /** Where buckets are made that name no region. */
  readonly region: string;
  readonly regions: RegionRules;
  readonly faults: FaultScript;
  /** How the store behaves that this server is; undefined for AWS. */
  readonly conduct?: Conduct | undefined;
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
    this.#access = new AccessControl(settings);
  }

  /** How Host headers are to be read. */
  get hosts(): HostRules {
    return this.#settings.regions.hosts;
  }

  /** Never rejects, unless the client is gone. `ids` identify the answer in error documents; faults need the `response`. */
  async handle(
    arrived: IncomingRequest,
    record: OpenRecord,
    ids: AnswerIds,
    response: ServerResponse,
  ): Promise<Handled> {
    const { faults, storage, conduct } = this.#settings;
    let operation: Operation | undefined;
    let spoiling: Spoiling | undefined;
    try {
      const judged = faults.idle ? arrived : judgedRequest(arrived, faults, response);
      const { request: signed, caller, isForm } = await this.#identify(conduct?.arrives(judged) ?? judged, record);
      requireOwner(signed);
      operation = isForm ? postObject : findOperation(signed);
      record.operation = operation.name;
      const request = conduct?.admits(signed, operation.name) ?? signed;
      this.#settings.onOperation(record);
      const { bucket, key, query } = request.target;
      const admission = this.#access.admit(request, caller, operation.name);
      const region = request.target.region ?? this.#settings.region;
      const permitTags: Call["permitTags"] = (tags) => admission?.permitTags(tags);
      const account = this.#access;
      const refusalOf: Call["refusalOf"] = (method, name, one, { versionId, etag } = {}) =>
        admission?.refusalOf(one, versionId, etag) ?? this.#keyRefusal(request, method, name, one);
      const allows = conduct?.allows;
      const call: Call = {
        request,
        caller,
        storage,
        bucket,
        key,
        query,
        region,
        allows,
        refusalOf,
        permitTags,
        account,
      };
      if (!faults.idle) spoiling = faults.take(faultRequest(request, operation.name), response.req.socket);
      const answer = await this.#run(admission?.guard(operation) ?? operation, call, spoiling, response);
      return { answer: conduct?.answers(answer, operation.name) ?? answer, spoiling };
    } catch (error) {
      if (error instanceof UploadBroken) return { answer: { status: 0 }, spoiling: lostAnswer };
      const own = this.#asS3Error(error);
      const refusal = conduct?.refuses(own, operation?.name, arrived) ?? own;
      const spoiled = spoiling === undefined ? undefined : spoiledRefusal(spoiling);
      if (!(refusal instanceof S3Error)) return { answer: refusal, spoiling: spoiled };
      record.errorCode = refusal.code;
      const describe = (elements: readonly ErrorElement[]) => conduct?.describes(elements, arrived) ?? elements;
      return { answer: errorAnswer(refusal, arrived.target.path, ids, describe), spoiling: spoiled };
    }
  }

  /** Who sent it; of a form, what it asks for. */
  async #identify(
    arrived: IncomingRequest,
    record: OpenRecord,
  ): Promise<{ readonly request: IncomingRequest; readonly caller: Caller; readonly isForm: boolean }> {
    const claimed = claimedScope(arrived);
    record.accessKeyId = claimed?.accessKeyId;
    const auth = settingsFor(arrived, claimed?.region, this.#settings);
    if (isFormUpload(arrived)) {
      const { request, caller } = await openForm(arrived, auth, this.#keys);
      record.accessKeyId = caller.accessKeyId;
      record.key = request.target.key;
      return { request, caller, isForm: true };
    }
    const caller = this.#settings.conduct?.authenticates(arrived, auth) ?? authenticate(arrived, auth, this.#keys);
    const request = isPresigned(arrived) ? withHoistedMetadata(arrived) : arrived;
    return { request, caller, isForm: false };
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

/** S3's error document; `describe` has the last word on its elements. */
export function errorAnswer(
  error: S3Error,
  resource: string,
  ids: AnswerIds,
  describe: (elements: readonly ErrorElement[]) => readonly ErrorElement[] = (elements) => elements,
): Answer {
  const elements: readonly ErrorElement[] = [
    ["Code", error.code],
    ["Message", error.message],
    ...Object.entries(error.details),
    ["Resource", resource],
    ["RequestId", ids.requestId],
    ["HostId", ids.hostId],
  ];
  return {
    status: error.status,
    headers: { "content-type": "application/xml", ...error.headers },
    body: plainDocument("Error", ...describe(elements).map(([name, text]) => textElement(name, text))),
  };
}

/** Clients may insist on whose buckets they use. Error: AccessDenied. */
function requireOwner(request: IncomingRequest): void {
  for (const name of ["x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner"]) {
    const expected = request.header(name);
    if (expected !== undefined && expected !== owner.accountId) throw s3Error("AccessDenied");
  }
}
