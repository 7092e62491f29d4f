/** Nodes that read their value from an address. */
import { type Depot, recordReads } from "../../../depot/index.ts";
import { isString, wrongValue } from "../../../error/index.ts";
import { type AnyFunction, type NodeContext, ofUri } from "../../core/index.ts";
import {
  checkForm,
  type DataForm,
  type FormOfUri,
  formOfUri,
  type LoadedForms,
  type LoadVerbOptions,
  readAs,
  rowsOf,
} from "./forms.ts";
import { tellData } from "./node-data.ts";
import { ownDepot } from "./own-depot.ts";

export interface LoadOptions<A extends DataForm = DataForm> {
  /** Default: what the suffix says, also below that of a compression; a folder is a table, and what says nothing is bytes. */
  readonly as?: A | undefined;
  /** Default: one for the process, opened by the first loader or saver that runs. */
  readonly data?: Depot | undefined;
  /** Of the verb: those of `readTable` for a table, and so on. */
  readonly options?: LoadVerbOptions[A] | undefined;
}

/**
 * A node that reads an address: `export const spend = load("s3://bucket/spend.parquet")`. Where the address follows from other
 * nodes or inputs, `as` says what the value is: `load(({ path }: Pick<$, "path">) => path, { as: "table" })`. Within `cached` it is read
 * again when the object has changed. Errors: those of the verb.
 */
export function load<const U extends string, A extends DataForm = FormOfUri<U>>(
  uri: U,
  options?: LoadOptions<A>,
): () => Promise<LoadedForms[A]>;
export function load<D, A extends DataForm>(
  uri: (deps: D) => string,
  options: LoadOptions<A> & { readonly as: A },
): (deps: D) => Promise<LoadedForms[A]>;
export function load(uri: unknown, options: object = {}): AnyFunction {
  const { as, data, options: verbOptions } = options as LoadOptions;
  checkForm("load()", as);
  return ofUri(uriOption("load()", uri), [], async (deps, asked, context) => {
    const depot = data ?? ownDepot();
    const address = asked(deps);
    const form = as ?? formOfUri(address);
    const { value, reads } = await recordReads(() => readAs(depot, form, address, under(verbOptions, context)));
    const objects = reads.filter((read) => read.kind === "object");
    const [only] = objects;
    const { etag, versionId } = objects.length === 1 && only !== undefined ? only : {};
    const sizeBytes = objects.reduce((sum, object) => sum + object.sizeBytes, 0);
    const rows = form === "json" || form === "pickle" ? undefined : rowsOf(value);
    tellData({ direction: "loaded", uri: depot.resolve(address), form, etag, versionId, sizeBytes, rows });
    return value;
  });
}

/** The options with the signal of the execution. */
export function under(options: object | undefined, context: NodeContext | undefined): object | undefined {
  return context === undefined ? options : { signal: context.signal, ...options };
}

export function uriOption(verb: string, uri: unknown): string | AnyFunction {
  if (typeof uri === "function") return uri as AnyFunction;
  if (isString(uri, "the address", verb) === undefined && uri !== "") return uri as string;
  throw wrongValue("the address", verb, "text, or a function that gives it", uri);
}
