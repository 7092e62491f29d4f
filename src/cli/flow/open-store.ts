/** The store of results that `--store` names: over the depot of the command line, so that its settings hold for it, too. */
import { type ResultStore, resultStore } from "../../flow/storage/index.ts";
import type { Call } from "../command.ts";

export async function openStore(call: Call, address: string | undefined): Promise<ResultStore | undefined> {
  return address === undefined ? undefined : resultStore({ store: address, data: await call.depot() });
}
