/**
 * Who may do what. The account's root may do everything that no policy denies; users and strangers what a bucket's policy
 * allows, and nothing else. Costs the root of a bucket without a policy next to nothing.
 */
import type { Caller } from "../auth/caller.ts";
import type { AuthSettings } from "../auth/credentials.ts";
import type { Account } from "../operation.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import type { BucketRecord } from "../storage/records.ts";
import type { Storage } from "../storage/storage.ts";
import { Admission } from "./admission.ts";
import { ofPolicies } from "./needed-permissions.ts";
import { parsePolicy } from "./parse-policy.ts";
import { rootArn, userArn } from "./parse-principals.ts";
import type { Policy } from "./policy.ts";

export interface AccessSettings {
  readonly auth: AuthSettings;
  /** Asked for anew with each request: a server may be given another one. */
  readonly storage: Storage;
  readonly region: string;
}

export class AccessControl implements Account {
  readonly #settings: AccessSettings;
  /** By access key; the root's keys are not among them. */
  readonly #users: ReadonlyMap<string, string>;
  /** Records are replaced, never changed. */
  readonly #policies = new WeakMap<BucketRecord, Policy>();

  constructor(settings: AccessSettings) {
    this.#settings = settings;
    const { credentials } = settings.auth;
    this.#users = new Map(
      credentials.flatMap(({ accessKeyId, user }) => (user === undefined ? [] : [[accessKeyId, user] as const])),
    );
  }

  isUser(name: string): boolean {
    return [...this.#users.values()].includes(name);
  }

  arnOf({ accessKeyId }: Caller): string | undefined {
    if (accessKeyId === undefined) return undefined;
    const user = this.#users.get(accessKeyId);
    return user === undefined ? rootArn : userArn(user);
  }

  /**
   * Lets the operation begin. Undefined when there is nothing more to ask while it runs. Errors: AccessDenied,
   * MethodNotAllowed.
   */
  admit(request: IncomingRequest, caller: Caller, operation: string): Admission | undefined {
    if (caller.accessKeyId === undefined && this.#settings.auth.anonymous) return undefined;
    const { bucket } = request.target;
    const principal = this.arnOf(caller);
    const record = this.#settings.storage.findBucket(bucket);
    if (principal === rootArn) {
      const copies = request.header("x-amz-copy-source") !== undefined;
      // A policy cannot take itself from the root: he could never get rid of it.
      if ((record?.policy === undefined && !copies) || ofPolicies.has(operation)) return undefined;
    }
    // That there is no such bucket is no secret: their names are everybody's.
    if (record === undefined && bucket !== "" && operation !== "CreateBucket") return undefined;
    const admission = new Admission({
      request,
      operation,
      principal,
      region: this.#settings.region,
      storage: this.#settings.storage,
      policyOf: (one) => this.#policyOf(one),
    });
    admission.begin();
    return admission;
  }

  #policyOf(record: BucketRecord): Policy | undefined {
    if (record.policy === undefined) return undefined;
    const known = this.#policies.get(record);
    if (known !== undefined) return known;
    // Its users were known when it was put; who they are may have changed since.
    const policy = parsePolicy(record.policy, record.name, () => true);
    this.#policies.set(record, policy);
    return policy;
  }
}
