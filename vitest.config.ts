/** The default suite: a test lies beside its file; what belongs to no room lies in tests/. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { doors } from "./house/doors.mjs";

const fromRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // `await using` parses in no Node before 24.
  oxc: { target: "es2023" },
  resolve: {
    // Tests that import the package by name mean the sources they lie beside; tests/package/ runs what is published.
    alias: doors.map(({ name, source }) => ({ find: new RegExp(`^${name}$`), replacement: fromRoot(source) })),
  },
  test: {
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 20_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
