/** A bucket policy, read and found sound: plain data that is held against requests. Patterns are kept as they were written. */

export interface Policy {
  /** Whether `${…}` stands for something: version 2012-10-17 only. */
  readonly variables: boolean;
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly principals: Principals;
  /** In lower case, with their prefix: `s3:get*`. */
  readonly actions: Selection;
  readonly resources: Selection;
  /** All of them must hold. */
  readonly conditions: readonly Condition[];
}

/** Those that match a pattern, or with `except` all others. */
export interface Selection {
  readonly except: boolean;
  readonly patterns: readonly string[];
}

export interface Principals {
  /** NotPrincipal. */
  readonly except: boolean;
  /** `*`: whoever it is, known or not. */
  readonly everyone: boolean;
  /** ARNs of accounts (`…:root`) and users; what is never anybody here, e.g. a service, is left out. */
  readonly arns: readonly string[];
}

export interface Condition {
  /** Without prefix and suffix, e.g. `StringLike`. */
  readonly operator: string;
  readonly ifExists: boolean;
  /** How many of several values must hold; undefined for keys that have one. */
  readonly quantifier: "ForAnyValue" | "ForAllValues" | undefined;
  /** In lower case. */
  readonly key: string;
  /** One that holds is enough. */
  readonly values: readonly string[];
}

/** What is known of a request under a condition key, in lower case; undefined when it has no such thing. */
export type Context = (key: string) => readonly string[] | undefined;
