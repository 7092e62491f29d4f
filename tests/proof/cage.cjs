// Loaded before all else under the permission model, which refuses to change the mode of a file that is open: that leads nowhere, so here
// it does nothing.
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");

fs.fchmodSync = () => undefined;
syncBuiltinESMExports();
