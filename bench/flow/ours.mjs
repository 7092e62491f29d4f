/** ours.mjs FOLDER OUTPUT: CPU milliseconds of building the flow of FOLDER/nodes.mjs and of executing it, and what it gives. */
import { pathToFileURL } from "node:url";
import { dataflow, driver } from "entrepot/flow";

const [folder = "", output = ""] = process.argv.slice(2);
const nodes = await import(pathToFileURL(`${folder}/nodes.mjs`).href);
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const begun = cpu();
const run = driver(/** @type {any} */ (dataflow({ nodes })), /** @type {any} */ ({}));
const after = cpu();
const result = await /** @type {any} */ (run).execute([output], { inputs: { start: 1 } });
const ended = cpu();
console.log(JSON.stringify({ buildMs: after - begun, executeMs: ended - after, sum: result[output] }));
