/** What a key is made of, kept with the result so that somebody can be told why another key is another. */
import { hash } from "node:crypto";
import type { CachedOptions, Code, NodeCall } from "../../core/index.ts";

export interface Parts {
  /** What was given in place of the code. */
  readonly version?: string | undefined;
  /** Which function of several the version is of. */
  readonly variant?: string | undefined;
  /** The node, where the function is told of it. */
  readonly told?: string | undefined;
  /** Fingerprints of functions and values, by where the code finds them. */
  readonly code: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
}

/** `code` is `undefined` where a version stands for it. */
export function partsOf(call: NodeCall, code: Code | undefined): Parts {
  const { inputs, options } = call;
  return {
    version: versionText(options),
    ...besidesOf(call, code),
    code: Object.fromEntries([...(code?.parts ?? [])].map(([path, print]) => [path, shortened(print)])),
    inputs: Object.fromEntries([...inputs].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The key. Where the code does not count, the node does: its version says nothing about another one's. */
export function keyOfCall(call: NodeCall, code: Code | undefined): string {
  const { node, inputs, options } = call;
  const sorted = [...inputs].sort(([a], [b]) => (a < b ? -1 : 1));
  const of = code === undefined ? ["version", node, versionText(options)] : ["code", code.version];
  const besides = Object.entries(besidesOf(call, code));
  return hash("sha256", JSON.stringify(["entrepot result 1", of, sorted, ...besides]));
}

/** What tells calls of one version, or of one code, apart. */
function besidesOf({ fn, variant, told }: NodeCall, code: Code | undefined): Pick<Parts, "variant" | "told"> {
  const isTold = told !== undefined && (code?.takesContext ?? fn.length > 1);
  return {
    ...(code === undefined && variant !== undefined ? { variant } : {}),
    ...(isTold ? { told } : {}),
  };
}

function versionText({ version }: CachedOptions): string | undefined {
  return version === undefined ? undefined : `${typeof version} ${version}`;
}

function shortened(print: string): string {
  return print.replace(/[0-9a-f]{64}/g, (digits) => digits.slice(0, 16));
}
