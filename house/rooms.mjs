/**
 * The rooms of `src/`, in order, and what each may import: the table that the import check enforces.
 * A room is entered through its `index.ts`; inside itself a room is free.
 */

/**
 * @typedef {object} Room
 * @property {string} name folder below `src/`
 * @property {readonly string[]} mayImport other rooms, through their front doors
 */

/** @type {Room[]} */
export const rooms = [];

add("error");
add("uri", "error");
add("checksum", "error");
add("codec", "error");
add("disk", "error", "uri");
add("net", "error");
add("store", ...through("net"));
add("cache", ...through("store"));
add("transfer", ...through("cache"));
add("format", "error", "codec");
add("archive", "error", "uri", "codec", "disk");
add("table", ...through("format"));
add("depot", ...through("table"));
add("doctor", ...through("depot"));
add("queue", "error", "disk", "net");
add("flow/core", "error");
add("flow/storage", "flow/core", "queue", ...through("depot"));
add("runs", ...through("flow/storage"));
add("pega", ...through("depot"));
add("server", "error", "uri", "checksum", "disk");
add("testing", ...through("server"));
add("cli", ...through("server"));

/** Doors that are files of their own, not a room's index; a flow's door joins two rooms. */
export const doorFiles = [
  { file: "src/index.ts", mayImport: through("doctor") },
  { file: "src/store.ts", mayImport: through("store") },
  { file: "src/table.ts", mayImport: through("table") },
  { file: "src/flow/index.ts", mayImport: through("flow/storage") },
];

/** Modules of the platform that are reached from few rooms only, so that they can be replaced in one place. */
export const guardedModules = [
  { modules: ["fs", "fs/promises"], rooms: ["disk"], reason: "files are reached through disk/" },
  { modules: ["net", "http2", "dgram", "undici"], rooms: ["net"], reason: "sockets are opened by net/" },
  {
    modules: ["http", "https", "tls"],
    rooms: ["net", "server"],
    reason: "sockets are opened by net/; only server/ listens",
  },
  { modules: ["child_process"], rooms: ["disk"], reason: "programs are started by disk/" },
];

/** Globals that belong to few rooms. A name with a dot is a member. */
export const guardedGlobals = [
  {
    names: ["console", "process.exit", "process.exitCode", "process.stderr"],
    rooms: ["cli"],
  },
  // a program that is a run is told by its arguments which one, and tells how far it is on its output
  { names: ["process.argv", "process.stdout"], rooms: ["cli", "runs"] },
  { names: ["process.env"], rooms: ["cli", "depot", "runs"] },
  { names: ["fetch", "WebSocket", "EventSource"], rooms: ["net"] },
];

/** @param {string} name @param {readonly string[]} mayImport */
function add(name, ...mayImport) {
  rooms.push({ name, mayImport });
}

/** Every room from the first to `last`. @param {string} last */
function through(last) {
  return rooms.slice(0, rooms.findIndex(({ name }) => name === last) + 1).map(({ name }) => name);
}
