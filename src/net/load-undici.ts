/** undici, or of it what a pool of connections takes: with its fetch, its WebSockets and the rest it loads three times as long. */
import type { buildConnector, Client, Pool } from "undici";

export interface Undici {
  readonly Pool: typeof Pool;
  readonly Client: typeof Client;
  readonly buildConnector: typeof buildConnector;
}

/** Where they lie is undici's own affair: in a release that moved them the whole of it is loaded. */
export async function loadUndici(): Promise<Undici> {
  try {
    const [pool, client, connect] = await Promise.all([
      import("undici/lib/dispatcher/pool.js"),
      import("undici/lib/dispatcher/client.js"),
      import("undici/lib/core/connect.js"),
    ]);
    return { Pool: pool.default, Client: client.default, buildConnector: connect.default };
  } catch {
    return import("undici");
  }
}
