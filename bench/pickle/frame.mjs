/** What entrepot needs to read or write the same frame. usage: frame.mjs read|write FILE */
import { pathToFileURL } from "node:url";
import { entrepot } from "entrepot";

const [what, path = ""] = process.argv.slice(2);
const data = entrepot({ cache: false, env: {}, envFile: false });
const uri = pathToFileURL(path).href;
const frame = what === "write" ? await data.readPickle(uri) : undefined;
// modules are loaded before: what is measured is the frame
await data.writePickle("memory:///warm", 1);
await data.readPickle("memory:///warm");
const before = process.cpuUsage();
if (what === "write") await data.writePickle(`${uri}.ours.pkl`, /** @type {{}} */ (frame));
else await data.readPickle(uri);
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1000, process.resourceUsage().maxRSS / 1024);
await data.close();
