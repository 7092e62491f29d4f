/** The hostile inputs as data. Read at run time: bundlers' JSON loaders stumble over the lone surrogate among them. */
import { readFileSync } from "node:fs";

interface HostileInputs {
  readonly keys: readonly string[];
  readonly key_pairs_that_must_not_collide: readonly (readonly [string, string])[];
  readonly csv_headers: readonly string[];
  readonly json: readonly string[];
  readonly pickle_b64_must_not_execute: readonly string[];
  readonly secret_canaries: readonly string[];
}

const file = new URL("./fixtures/hostile-inputs.json", import.meta.url);
export const hostile: HostileInputs = JSON.parse(readFileSync(file, "utf8"));
