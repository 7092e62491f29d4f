/** The rules about dependencies are shown failing on packages that do not exist. */
import { describe, expect, it } from "vitest";
import { packageFindings } from "../../house/package-rules.mjs";

const manifest = { dependencies: { a: "1.0.0" }, devDependencies: {} };
const a = { version: "1.0.0", license: "MIT" };
const nothing = () => undefined;

describe("the rules about dependencies", () => {
  it("find nothing wrong with an exact, plain package", () => {
    expect(packageFindings(manifest, { packages: { "": {}, "node_modules/a": a } }, nothing)).toEqual([]);
  });

  it("refuse an install script that the lock file knows of", () => {
    const lock = { packages: { "node_modules/a": { ...a, hasInstallScript: true } } };
    expect(packageFindings(manifest, lock, nothing)).toEqual(["a@1.0.0: has an install script"]);
  });

  it("refuse an install script that only the package itself knows of", () => {
    const lock = { packages: { "node_modules/b/node_modules/a": a } };
    expect(packageFindings(manifest, lock, () => ({ scripts: { postinstall: "x" } }))).toEqual([
      "a@1.0.0: has an install script",
    ]);
  });

  it("ignore what only developers install", () => {
    const lock = { packages: { "node_modules/a": a, "node_modules/b": { dev: true, hasInstallScript: true } } };
    expect(packageFindings(manifest, lock, nothing)).toEqual([]);
  });

  it.each(["^1.0.0", "~1.0.0", "*", "latest", "1.x"])("refuse the inexact version %s", (version) => {
    const findings = packageFindings({ dependencies: { a: version } }, { packages: { "node_modules/a": a } }, nothing);
    expect(findings).toEqual([`a@${version}: versions are exact`]);
  });

  it("refuse a thirteenth direct dependency", () => {
    const dependencies = Object.fromEntries(Array.from({ length: 13 }, (_, index) => [`p${index}`, "1.0.0"]));
    expect(packageFindings({ dependencies }, { packages: { "node_modules/a": a } }, nothing)).toEqual([
      "13 direct dependencies; at most 12",
    ]);
  });

  it("refuse a licence that is not on the list, and a lock file without packages", () => {
    const lock = { packages: { "node_modules/a": { ...a, license: "AGPL-3.0" } } };
    expect(packageFindings(manifest, lock, nothing)).toEqual(["a@1.0.0: licence AGPL-3.0"]);
    expect(packageFindings(manifest, { packages: { "": {} } }, nothing)).toHaveLength(1);
  });
});
