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
])("%j is said in flags", (hint, said) => {
  expect(inFlags(hint)).toBe(said);
});
