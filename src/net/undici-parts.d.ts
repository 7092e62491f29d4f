/** undici says nothing of its files' types. */
declare module "undici/lib/dispatcher/pool.js" {
  const part: typeof import("undici").Pool;
  export = part;
}
declare module "undici/lib/dispatcher/client.js" {
  const part: typeof import("undici").Client;
  export = part;
}
declare module "undici/lib/core/connect.js" {
  const part: typeof import("undici").buildConnector;
  export = part;
}
