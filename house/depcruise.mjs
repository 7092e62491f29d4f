/**
 * The import rules of dependency-cruiser, made from the table in rooms.mjs. Type-only imports count:
 * a type that points the wrong way is a dependency that points the wrong way.
 */
import { cruise } from "dependency-cruiser";
import { bundled, doors, peers } from "./doors.mjs";
import { doorFiles, guardedModules, rooms } from "./rooms.mjs";

const tests = "\\.(?:test|bench|test-d|fixture)\\.ts$";
const anyRoom = `^src/(${rooms.map(({ name }) => name).join("|")})/`;
const frontDoors = [...rooms.map(({ name }) => frontDoor(name)), ...doorFiles.map(({ file }) => exactly(file))];

/** @type {import("dependency-cruiser").IForbiddenRuleType[]} */
const rules = [
  ...rooms.map(({ name, mayImport }) => ({
    name: `room:${name}`,
    comment: `${name}/ may import ${mayImport.join(", ") || "no other room"}, each through its index.ts`,
    from: { path: `^src/${name}/`, pathNot: tests },
    to: { path: "^src/", pathNot: [`^src/${name}/`, ...mayImport.map(frontDoor)] },
  })),
  ...doorFiles.map(({ file, mayImport }) => ({
    name: `door:${file}`,
    comment: `${file} names what users get from ${mayImport.join(", ")}`,
    from: { path: exactly(file) },
    to: { path: "^src/", pathNot: mayImport.map(frontDoor) },
  })),
  {
    name: "test:front-door",
    comment: "a test beside a file knows its own room; it enters the others through their index.ts",
    from: { path: `${anyRoom}.*${tests}` },
    to: { path: "^src/", pathNot: ["^src/$1/", ...frontDoors] },
  },
  {
    name: "test:outside",
    comment: "tests/ enters rooms through their index.ts",
    from: { path: "^tests/" },
    to: { path: "^src/", pathNot: frontDoors },
  },
  {
    name: "user:by-name",
    comment: "examples/ and bench/ import the package by name, as a user does",
    from: { path: "^(?:examples|bench)/" },
    to: { path: "^src/", pathNot: doors.map(({ source }) => exactly(source)) },
  },
  ...guardedModules.map(({ modules, rooms: owners, reason }) => ({
    name: `guarded:${modules[0]}`,
    comment: reason,
    from: { path: "^src/", pathNot: [...owners.map((name) => `^src/${name}/`), tests] },
    to: { path: `(?:^|node_modules/)(?:node:)?(?:${modules.join("|")})(?:/|$)` },
  })),
  {
    name: "no-cycles",
    comment: "an import cycle has no order to be read in",
    // the modules of a flow are typed by the flow, which is made of them
    from: { pathNot: "^tests/flow/(?:types|surface)/" },
    to: { circular: true },
  },
  { name: "resolvable", comment: "an import that leads nowhere", from: {}, to: { couldNotResolve: true } },
  {
    name: "declared",
    comment: "the library imports what package.json declares for its users, or what the build puts in",
    from: { path: "^src/", pathNot: tests },
    to: {
      // for its own tests it is a dependency for development, too
      pathNot: [...peers, ...bundled].map((name) => `(?:^|node_modules/)${name}/`),
      dependencyTypes: /** @type {import("dependency-cruiser").DependencyType[]} */ ([
        "npm-dev",
        "npm-no-pkg",
        "npm-unknown",
      ]),
    },
  },
].map((rule) => ({ severity: /** @type {const} */ ("error"), ...rule }));

/**
 * Reads every module below `folder` and says which imports break a rule.
 *
 * @param {string} folder root of a project
 * @param {readonly string[]} parts its folders that exist and are to be read
 * @returns {Promise<{ modules: number, violations: string[] }>}
 */
export async function cruiseImports(folder, parts) {
  const { output } = await cruise([...parts], {
    baseDir: folder,
    ruleSet: { forbidden: rules },
    validate: true,
    doNotFollow: { path: "node_modules|^dist/" },
    exclude: { path: "/fixtures/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "types", "default"] },
  });
  if (typeof output === "string") throw new Error(output);
  const own = output.modules.filter(({ source }) => parts.some((part) => source.startsWith(`${part}/`)));
  const strangers = own.filter(({ source }) => source.startsWith("src/") && !isKnown(source));
  return {
    modules: own.length,
    violations: [
      ...strangers.map(({ source }) => `${source}: lies in no room of house/rooms.mjs`),
      ...output.summary.violations.map(
        ({ from, to, rule }) =>
          `${from} → ${to}: ${rules.find(({ name }) => name === rule.name)?.comment} (${rule.name})`,
      ),
    ],
  };
}

/** @param {string} source */
function isKnown(source) {
  return new RegExp(anyRoom).test(source) || doorFiles.some(({ file }) => file === source);
}

/** @param {string} room */
function frontDoor(room) {
  return exactly(`src/${room}/index.ts`);
}

/** @param {string} file */
function exactly(file) {
  return `^${file.replaceAll(".", "\\.")}$`;
}
