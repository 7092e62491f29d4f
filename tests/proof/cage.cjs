// Loaded before all else under the permission model, which refuses to change mode and times of files that are open: that leads nowhere, so here
// it does nothing.
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");

fs.fchmodSync = () => undefined;
fs.futimesSync = () => undefined;
syncBuiltinESMExports();
