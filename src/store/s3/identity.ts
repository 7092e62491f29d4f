/**
 * Whose requests these are: nobody's, one fixed identity, or one that is fetched and renewed. However many requests wait, the
 * provider is asked once; it is asked before the old credentials end, and never when anonymous.
 */
import { EntrepotError, isEntrepotError, kindOfValue } from "../../error/index.ts";
import { NeverSigned } from "../remote/never-signed.ts";
import type { Clock } from "../retry-policy.ts";
import { type Credentials, Signer } from "./sign.ts";

/** Fetches credentials; called again when they end or the server says that they have. */
export type CredentialProvider = () => Promise<Credentials>;

/** Renewed in the background from this long before the end, and waited for in the last part of it; milliseconds. */
const renewBeforeMs = 300_000;
const waitBeforeMs = 30_000;
/** After a failed renewal, and after one that brought what ends at once, the old credentials serve this long; milliseconds. */
const restMs = 10_000;

/** What the provider gives, at once or later; unauthenticated for what is no credentials. */
async function asked(provider: CredentialProvider): Promise<Credentials> {
  const given: Partial<Credentials> | null | undefined = await provider();
  const problem = problemOf(given);
  if (problem === undefined) return given as Credentials;
  throw new EntrepotError("unauthenticated", `the function that gives credentials gave ${problem}`, {
    hint: "it is to give { accessKeyId, secretAccessKey, sessionToken, expiresMs }, the last two where there are any",
  });
}

function problemOf(given: Partial<Credentials> | null | undefined): string | undefined {
  if (typeof given !== "object" || given === null) return kindOfValue(given);
  const missing = (["accessKeyId", "secretAccessKey"] as const).find((name) => {
    const value: unknown = given[name];
    return typeof value !== "string" || value === "";
  });
  return missing === undefined ? undefined : `no ${missing}`;
}

export class Identity {
  readonly #provider: CredentialProvider | undefined;
  readonly #clock: Clock;
  #credentials: Credentials | undefined;
  #renewal: Promise<Credentials> | undefined;
  #restUntilMs = Number.NEGATIVE_INFINITY;
  #signers = new Map<string, Signer>();

  /** `undefined` is anonymous. */
  constructor(source: Credentials | CredentialProvider | undefined, clock: Clock) {
    this.#provider = typeof source === "function" ? source : undefined;
    this.#credentials = typeof source === "function" ? undefined : source;
    this.#clock = clock;
  }

  get anonymous(): boolean {
    return this.#provider === undefined && this.#credentials === undefined;
  }

  /** The signer for a region, at once where the credentials are at hand; `undefined` when anonymous. */
  signer(region: string): Signer | undefined | Promise<Signer> {
    const credentials = this.#credentials;
    if (this.#provider === undefined)
      return credentials === undefined ? undefined : this.#signerOf(credentials, region);
    const leftMs = credentials === undefined ? 0 : this.#leftMs(credentials);
    const rests = this.#clock.now() < this.#restUntilMs;
    if (credentials !== undefined && (leftMs > waitBeforeMs || (rests && leftMs > 0))) {
      // A failed renewal shows when the old credentials are at their end.
      if (leftMs < renewBeforeMs && !rests) this.#renew(this.#provider).catch(() => undefined);
      return this.#signerOf(credentials, region);
    }
    return this.#renew(this.#provider).then(
      (renewed) => this.#signerOf(renewed, region),
      (error: unknown) => {
        if (credentials !== undefined && this.#leftMs(credentials) > 0) return this.#signerOf(credentials, region);
        throw error;
      },
    );
  }

  /** Forgets the credentials of `signer`, which the server called expired. False when there are no others to get. */
  expire(signer: Signer | undefined): boolean {
    if (this.#provider === undefined || signer === undefined) return false;
    if (this.#credentials === signer.credentials) this.#credentials = undefined;
    return true;
  }

  #leftMs({ expiresMs }: Credentials): number {
    return expiresMs === undefined ? Number.POSITIVE_INFINITY : expiresMs - this.#clock.now();
  }

  #renew(provider: CredentialProvider): Promise<Credentials> {
    this.#renewal ??= asked(provider)
      .then(
        (credentials) => {
          this.#credentials = credentials;
          if (this.#leftMs(credentials) < renewBeforeMs) this.#restUntilMs = this.#clock.now() + restMs;
          return credentials;
        },
        (error: unknown) => {
          this.#restUntilMs = this.#clock.now() + restMs;
          throw isEntrepotError(error) ? new NeverSigned(error) : error;
        },
      )
      .finally(() => {
        this.#renewal = undefined;
      });
    return this.#renewal;
  }

  #signerOf(credentials: Credentials, region: string): Signer {
    let signer = this.#signers.get(region);
    if (signer?.credentials !== credentials) {
      signer = new Signer(credentials, region);
      this.#signers.set(region, signer);
    }
    return signer;
  }
}
