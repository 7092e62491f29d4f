/** What can be told of a personality: its behaviours in words, with their sources. */

/** The store whose ways the server has; `"aws"` is the strict one. */
export type PersonalityName = "aws" | "r2" | "minio" | "ceph" | "b2" | "gcs";

export interface PersonalityDescription {
  /** What `personality` is set to. */
  readonly name: PersonalityName;
  /** The store's own name. */
  readonly title: string;
  /** Which of its versions, or from when: stores change. */
  readonly as: string;
  readonly behaviours: readonly BehaviourDescription[];
}

/** One way in which the store differs from AWS; of `aws`, what others differ from. */
export interface BehaviourDescription {
  /** Begins with the name of the personality. */
  readonly id: string;
  /** What a client sees, in one sentence. */
  readonly says: string;
  /** Where it is written down: `owner/repository#number` of an issue on GitHub, or an address. */
  readonly source: readonly [string, ...string[]];
}
