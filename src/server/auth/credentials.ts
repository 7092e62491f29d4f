/** Who may talk to the server. */

export interface ServerCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** When given, requests must bring it in `x-amz-security-token`. */
  readonly sessionToken?: string | undefined;
  /** The name of a user of the account, who may do what policies of buckets allow. Default: the account's root. */
  readonly user?: string | undefined;
  /** From then on the session token has expired; milliseconds since 1970, by the server's clock. Default: never. */
  readonly expiresAtMs?: number | undefined;
}

/** What a request's signature is checked against. */
export interface AuthSettings {
  readonly credentials: readonly ServerCredentials[];
  /** Whether requests without any signature may do everything; otherwise they may do what policies allow. */
  readonly anonymous: boolean;
  /** When given, credential scopes must name it; otherwise any region is accepted. */
  readonly region: string | undefined;
  /** Where the bucket is that the request is about; told to those who sign for another region. */
  readonly bucketRegion?: string | undefined;
}
