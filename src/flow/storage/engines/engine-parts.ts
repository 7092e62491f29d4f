/** What a driver's engine and a worker open alike. */
import { type Depot, entrepot } from "../../../depot/index.ts";
import { mistakeIn } from "../../../error/index.ts";
import { type DatabasePlace, databasePlace, openDatabase, openQueue, type Queue } from "../../../queue/index.ts";
import { openValueStore, type ValueStore } from "./value-store.ts";

/** Driver and workers must be given the same. */
export interface EngineOptions {
  /** URL of a PostgreSQL server, or a folder of this machine that all of its processes share. */
  readonly database: string | DatabasePlace;
  /** Address of a folder for values, which driver and workers can read and write. What is put there stays: give it an age limit of its own. */
  readonly store: string;
  /** Default: `entrepot()`, closed at the end. */
  readonly data?: Depot | undefined;
  /** Drivers and workers of one name work together; different flows over one database need different ones. Default `"flow"`. */
  readonly name?: string | undefined;
  /** A worker that is silent for so long is dead, and another takes over what it ran. Seconds, 1 or more. Default 10. */
  readonly heartbeatSeconds?: number | undefined;
  /** Told of what fails in the background and is tried again. Default: nobody. */
  readonly onWarning?: ((error: unknown) => void) | undefined;
}

/** Names of options: of every engine over a queue. */
export const engineOptions: readonly string[] = ["database", "store", "data", "name", "heartbeatSeconds", "onWarning"];

/** Error: TypeError, for options that there are not. */
export function checkOptions(what: string, options: object, names: readonly string[]): void {
  const mistake = mistakeIn(what, options, new Set(names));
  if (mistake !== undefined) throw mistake;
}

export interface EngineParts {
  readonly queue: Queue;
  readonly values: ValueStore;
  close(): Promise<void>;
}

/** After a store that was away; what a node throws is not tried again. */
const retries = 2;

export async function openParts(options: EngineOptions): Promise<EngineParts> {
  const { database: place, store, data, name = "flow", heartbeatSeconds, onWarning } = options;
  if (typeof store !== "string" || store === "")
    throw new TypeError("An engine needs a store: the address of a folder");
  const database = await openDatabase(typeof place === "string" ? databasePlace(place) : place);
  const own = data === undefined ? entrepot() : undefined;
  try {
    const queue = await openQueue(database, {
      ...{ name: `flow/${name}`, retries, retrySeconds: 1, heartbeatSeconds, onWarning },
    });
    const values = openValueStore(data ?? (own as Depot), store);
    return {
      queue,
      values,
      close: async () => {
        await queue.close();
        await database.close();
        await own?.close();
      },
    };
  } catch (error) {
    await database.close();
    await own?.close();
    throw error;
  }
}
