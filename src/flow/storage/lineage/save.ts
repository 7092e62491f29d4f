/** Nodes that write what another node gives to an address. */
import type { Depot } from "../../../depot/index.ts";
import { wrongValue } from "../../../error/index.ts";
import { type AnyFunction, ofUri } from "../../core/index.ts";
import {
  checkForm,
  type DataForm,
  type FormOfUri,
  formOfUri,
  rowsOf,
  type SavedForms,
  type SaveVerbOptions,
  writeAs,
} from "./forms.ts";
import { under, uriOption } from "./load.ts";
import { tellData } from "./node-data.ts";
import { ownDepot } from "./own-depot.ts";

export interface SaveOptions<A extends DataForm = DataForm> {
  /** Default: what the suffix says, also below that of a compression. */
  readonly as?: A | undefined;
  /** Default: one for the process, opened by the first loader or saver that runs. */
  readonly data?: Depot | undefined;
  /** Of the verb: those of `writeTable` for a table, and so on. */
  readonly options?: SaveVerbOptions[A] | undefined;
}

/** What a saver gives: where the value lies now. */
export interface SavedData {
  readonly uri: string;
  readonly form: DataForm;
  /** Of a single object. */
  readonly etag: string | undefined;
  readonly versionId: string | undefined;
  readonly sizeBytes: number;
  /** Of tables, of rows of text and of lines in an array. */
  readonly rows: number | undefined;
}

/**
 * A node that writes what the node of this name gives: `export const savedReport = save("s3://bucket/report.json", "report")`. It is
 * written when `savedReport` is asked for. The address may follow from other nodes or inputs; `as` then says how it is written. All or
 * nothing. Errors: those of the verb.
 */
export function save<const U extends string, const N extends string, A extends DataForm = FormOfUri<U>>(
  uri: U,
  name: N,
  options?: SaveOptions<A>,
): (deps: { readonly [P in N]: SavedForms[A] }) => Promise<SavedData>;
export function save<D, const N extends string, A extends DataForm>(
  uri: (deps: D) => string,
  name: N,
  options: SaveOptions<A> & { readonly as: A },
): (deps: D & { readonly [P in N]: SavedForms[A] }) => Promise<SavedData>;
export function save(uri: unknown, name: string, options: object = {}): AnyFunction {
  const { as, data, options: verbOptions } = options as SaveOptions;
  checkForm("save()", as);
  if (typeof name !== "string" || name === "")
    throw wrongValue("the second argument", "save()", "the name of a node", name);
  return ofUri(uriOption("save()", uri), [name], async (deps, asked, context) => {
    const depot = data ?? ownDepot();
    const address = asked(deps);
    const form = as ?? formOfUri(address);
    const value = deps[name];
    const written = await writeAs(depot, form, address, value, under(verbOptions, context));
    const { uri: at, etag, versionId, sizeBytes } = written;
    const rows = form === "json" || form === "pickle" ? undefined : rowsOf(value);
    const saved: SavedData = { uri: at, form, etag, versionId, sizeBytes, rows };
    tellData({ direction: "saved", ...saved });
    return saved;
  });
}
