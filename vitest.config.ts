/** The default suite: a test lies beside its file; what belongs to no room lies in tests/. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { doors } from "./house/doors.mjs";

const fromRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What measures its own process. */
const alone = ["tests/depot/upload-memory.test.ts"];

/** What starts very many processes or tries very many cases: `npm run test:long`, a step of CI. */
const long = [
  "src/cache/damage.test.ts",
  "src/cache/disk-faults.test.ts",
  "src/cache/outbox/outbox.test.ts",
  "src/cache/planted.test.ts",
  "src/flow/core/fingerprint/code/code-reader.test.ts",
  "src/flow/core/fingerprint/million-pairs.test.ts",
  "src/flow/core/names/names-survive.test.ts",
  "src/runs/execute/run-queue.test.ts",
  "src/runs/store/closed-options.test.ts",
  "src/runs/store/schema/migrate.test.ts",
  "src/store/remote/attacks.test.ts",
  "src/store/remote/parallel.test.ts",
  "src/store/s3/sharding/sharded-pages.test.ts",
  "src/store/with/decorators.test.ts",
  "tests/cli/archives.test.ts",
  "tests/cli/cache.test.ts",
  "tests/cli/choosing.test.ts",
  "tests/cli/completion.test.ts",
  "tests/cli/copy-matrix.test.ts",
  "tests/cli/examples.test.ts",
  "tests/cli/finding.test.ts",
  "tests/cli/flow-worker.test.ts",
  "tests/cli/flow.test.ts",
  "tests/cli/folders.test.ts",
  "tests/cli/full-disk.test.ts",
  "tests/cli/hundred-thousand.test.ts",
  "tests/cli/jobs.test.ts",
  "tests/cli/local-paths.test.ts",
  "tests/cli/newcomers.test.ts",
  "tests/cli/offline.test.ts",
  "tests/cli/only-new-killed.test.ts",
  "tests/cli/outbox.test.ts",
  "tests/cli/patterns.test.ts",
  "tests/cli/pega-killed.test.ts",
  "tests/cli/pega.test.ts",
  "tests/cli/pickle.test.ts",
  "tests/cli/runs*.test.ts",
  "tests/cli/same-plan.test.ts",
  "tests/cli/serve-killed.test.ts",
  "tests/cli/serve-options.test.ts",
  "tests/cli/serve.test.ts",
  "tests/cli/several-sources.test.ts",
  "tests/cli/store.test.ts",
  "tests/cli/sync.test.ts",
  "tests/cli/zarr-and-datasets.test.ts",
  "tests/depot/archive-damage.test.ts",
  "tests/depot/archive-tools.test.ts",
  "tests/depot/dataset-swaps.test.ts",
  "tests/depot/faults.test.ts",
  "tests/depot/large-bodies.test.ts",
  "tests/depot/legal-keys.test.ts",
  "tests/depot/listing-many.test.ts",
  "tests/depot/many-small-files.test.ts",
  "tests/depot/python-pickles.test.ts",
  "tests/depot/removing-many.test.ts",
  "tests/depot/slow-one.test.ts",
  "tests/depot/stream-memory.test.ts",
  "tests/depot/sync-memory.test.ts",
  "tests/depot/verified-downloads.test.ts",
  "tests/docs/runs.test.ts",
  "tests/docs/testing.test.ts",
  "tests/doctor/broken-set-ups.test.ts",
  "tests/examples/testing.test.ts",
  "tests/flow/code-everywhere.test.ts",
  "tests/flow/editor.test.ts",
  "tests/flow/messages.test.ts",
  "tests/flow/results-killed.test.ts",
  "tests/pega/*.test.ts",
  "tests/queue/*.test.ts",
  "tests/runs/[!l]*.test.ts",
  "tests/store/personalities.test.ts",
  "tests/table/*.test.ts",
];

export default defineConfig({
  // `await using` parses in no Node before 24.
  oxc: { target: "es2023" },
  resolve: {
    // Tests that import the package by name mean the sources they lie beside; tests/package/ runs what is published.
    alias: doors.map(({ name, source }) => ({ find: new RegExp(`^${name}$`), replacement: fromRoot(source) })),
  },
  test: {
    pool: "forks",
    // Much of it waits for time-outs and child processes.
    maxWorkers: 3,
    testTimeout: 20_000,
    restoreMocks: true,
    setupFiles: ["tests/each-file.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "together",
          include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
          exclude: [...alone, ...long],
          // A process of its own for each file would load the same modules 350 times: a third of the time.
          isolate: false,
        },
      },
      { extends: true, test: { name: "alone", include: alone } },
      { extends: true, test: { name: "long", include: long, isolate: false } },
    ],
  },
});
