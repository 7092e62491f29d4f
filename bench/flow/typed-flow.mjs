/**
 * A program of `nodes` typed functions in ten modules, each asking for up to four of the fifty before it, and twenty typed executions;
 * files by name.
 *
 * @param {number} nodes @returns {Readonly<Record<string, string>>}
 */
export function typedFlow(nodes) {
  let seed = 7;
  const random = (/** @type {number} */ below) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  const modules = Array.from({ length: 10 }, () => [`import type { $ } from "./flow.ts";`]);
  for (let at = 0; at < nodes; at++) {
    const asked = [...new Set(Array.from({ length: 1 + random(4) }, () => at - 1 - random(Math.min(50, at || 1))))];
    const names = asked.filter((name) => name >= 0).map((name) => `n${name}`);
    const text =
      names.length === 0 ? `{ start }: $) { return start` : `{ ${names.join(", ")} }: $) { return ${names.join(" + ")}`;
    modules[at % 10]?.push(`export function n${at}(${text}; }`);
  }
  const imports = modules.map((_, at) => `import * as m${at} from "./m${at}.ts";`).join("\n");
  const list = modules.map((_, at) => `m${at}`).join(", ");
  const runs = Array.from({ length: 20 }, (_, at) => {
    const name = `n${Math.floor(((at + 1) * nodes) / 20) - 1}`;
    return `const r${at}: number = (await run.execute(["${name}"], { inputs: { start: 1 } })).${name}; console.log(r${at});`;
  });
  return {
    ...Object.fromEntries(modules.map((lines, at) => [`m${at}.ts`, lines.join("\n")])),
    "flow.ts": `import { dataflow, type NodesOf } from "entrepot/flow";\n${imports}\nexport const flow = dataflow({ ${list} }).inputs<{ start: number }>();\nexport interface $ extends NodesOf<typeof flow> {}\n`,
    "main.ts": `import { driver } from "entrepot/flow";\nimport { flow } from "./flow.ts";\nconst run = driver(flow);\n${runs.join("\n")}\nexport {};\n`,
  };
}
