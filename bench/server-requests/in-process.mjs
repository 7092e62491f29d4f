/** `startS3Server` of entrepot/testing in a process of its own. usage: in-process.mjs [FOLDER] */
import { startS3Server } from "entrepot/testing";

const dir = process.argv[2];
const server = await startS3Server({ dir, anonymous: true });
console.log(server.endpoint);
// A test looks at its log and empties it.
setInterval(() => server.clearRequests(), 1000);
process.on("exit", () => {
  for (const error of server.internalErrors) console.error(error);
});
process.once("SIGTERM", () => void server.close().then(() => process.exit(0)));
