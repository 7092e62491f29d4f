/**
 * Rules about what we depend on: few direct packages, exact versions, no install script, licences that
 * Apache-2.0 can live with. Reads the lock file and, where they are installed, the packages themselves.
 */
import { existsSync, readFileSync } from "node:fs";

const maxDirect = 12;
const licences = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "Unlicense"];
const installScripts = ["preinstall", "install", "postinstall"];

/**
 * @typedef {object} Locked
 * @property {string} [version]
 * @property {string} [license]
 * @property {boolean} [dev]
 * @property {boolean} [devOptional]
 * @property {boolean} [hasInstallScript]
 */

/**
 * @param {{ dependencies?: Record<string, string>, devDependencies?: Record<string, string> }} manifest
 * @param {{ packages: Record<string, Locked> }} lock
 * @param {(path: string) => { scripts?: Record<string, string> } | undefined} installed the manifest of an installed package
 * @returns {string[]}
 */
export function packageFindings(manifest, lock, installed = readInstalled) {
  const { dependencies = {}, devDependencies = {} } = manifest;
  const direct = Object.keys(dependencies).length;
  const runtime = Object.entries(lock.packages).filter(([path, { dev }]) => path !== "" && dev !== true);
  return [
    ...(direct > maxDirect ? [`${direct} direct dependencies; at most ${maxDirect}`] : []),
    ...(runtime.length === 0 ? ["the lock file names no runtime package: was it read?"] : []),
    ...Object.entries({ ...dependencies, ...devDependencies })
      .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${name}@${version}: versions are exact`),
    ...runtime.flatMap(([path, { version, license, hasInstallScript }]) => {
      const { scripts = {} } = installed(path) ?? {};
      const name = `${path.replace(/^.*node_modules\//, "")}@${version}`;
      return [
        ...(hasInstallScript || installScripts.some((script) => script in scripts)
          ? [`${name}: has an install script`]
          : []),
        ...(licences.includes(license ?? "") ? [] : [`${name}: licence ${license}`]),
      ];
    }),
  ];
}

/** @param {string} path */
function readInstalled(path) {
  const file = new URL(`../${path}/package.json`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
