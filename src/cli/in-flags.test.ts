import { expect, it } from "vitest";
import { inFlags } from "./in-flags.ts";

it.each([
  [
    "choose a profile, or read public data with anonymous: true.",
    "choose a --profile, or read public data with --anonymous.",
  ],
  ["Use https, or set allowInsecureEndpoint: true if", "Use https, or set --allow-insecure-endpoint if"],
  [
    'give it one: entrepot({ roots: { x: "s3://b/f/" } }) or ENTREPOT_ROOT_X; known',
    "give it one: ENTREPOT_ROOT_X; known",
  ],
  ["create it, correct ENTREPOT_ENV_FILE, or pass envFile: false", "create it, correct ENTREPOT_ENV_FILE"],
  ["list the folder above it", "list the folder above it"],
  ["leave ifNoneMatch out to replace it", "leave --no-clobber out to replace it"],
  ['nothing was changed; deleteLimit: "100%" (--max-delete 100%) lets', "nothing was changed; --max-delete 100% lets"],
  ["publish on top of it with rebase: true (--rebase).", "publish on top of it with --rebase."],
  ["history() (entrepot dataset history) names", "entrepot dataset history names"],
  ["leave . and .. out of names, or use parentUri", "leave . and .. out of names"],
  [
    'names: "map" (--names map) gives; or leave them out with exclude',
    "--names map gives; or leave them out with --exclude",
  ],
  ["allow more (maxRequests, maxBytes; --max-requests, --max-bytes)", "allow more (--max-requests, --max-bytes)"],
  [
    '{ nullValues: ["n/a"] } takes it for a missing value, { types: { "a b": "string" } } for text',
    "--nulls 'n/a' takes it for a missing value, --types 'a b=string' for text",
  ],
  ['{ encoding: "windows-1252" }, { delimiter: "\\t" }', "--encoding windows-1252, --delimiter '\\t'"],
  ['{ quote: false } takes; { format } says; { format: "jsonl" }', "--quote none takes; --format says; --format jsonl"],
])("%j is said in flags", (hint, said) => {
  expect(inFlags(hint)).toBe(said);
});
