/** A server that dies in the middle of a copy of many objects. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DepotEvent } from "entrepot";
import { startS3Server } from "entrepot/testing";
import { afterEach, expect, test } from "vitest";
import { openDepot } from "../../src/depot/index.ts";

let folder: string | undefined;
afterEach(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

test("is said once, ends the copy with one error, and leaves a job to go on with", async () => {
  const s3 = await startS3Server({ buckets: ["b"] });
  folder = await mkdtemp(join(tmpdir(), "entrepot-"));
  const source = join(folder, "source");
  await mkdir(source);
  for (let n = 0; n < 200; n += 1) await writeFile(join(source, `${n}`), "x");
  const events: DepotEvent[] = [];
  let nowMs = Date.now();
  const clock = {
    now: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
    },
    random: () => 0.5,
  };
  const options = {
    ...s3.options,
    concurrency: 4,
    cache: { dir: join(folder, "cache") },
    env: {},
    envFile: false as const,
    onEvent: (event: DepotEvent) => void events.push(event),
  };
  await using data = openDepot(options, { clock });
  const failed: string[] = [];
  let done = 0;
  let closing: Promise<void> | undefined;
  const onFile = ({ uri, status }: { readonly uri: string; readonly status: string }) => {
    if (status === "failed") failed.push(uri);
    else done += 1;
    if (done === 50) closing ??= s3.close();
  };
  const error = await data.copy(`${source}/`, "s3://b/many/", { onFile }).catch((reason: unknown) => reason);
  await closing;
  const jobs = await data.jobs.list();
  expect(jobs).toMatchObject([{ state: "interrupted", verb: "copy", objects: 200 }]);
  expect(error).toMatchObject({
    code: "unreachable",
    message: expect.stringMatching(
      /^nothing has answered for \d+ s: no connection to .*; 1\d\d objects were not tried$/,
    ),
    hint: expect.stringContaining(`entrepot jobs resume ${jobs[0]?.id}`),
  });
  expect(failed.length).toBeLessThan(20);
  expect(jobs[0]?.doneObjects).toBe(done);
  const types = events.map(({ type }) => type);
  expect(types.filter((type) => type === "unreachable")).toHaveLength(1);
  expect(types).not.toContain("reachable");
});
