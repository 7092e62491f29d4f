import { entrepot } from "entrepot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDepot } from "../../src/depot/index.ts";
import { openNodeDisk } from "../../src/disk/index.ts";
import { openS3 } from "./backends.ts";

const quiet = { env: {}, envFile: false, cache: false } as const;
let bench: Awaited<ReturnType<typeof openS3>>;
beforeAll(async () => {
  bench = await openS3(false);
});
afterAll(() => bench.close());

/** How many files a depot with this much memory makes for so many streams, of 600 kB each, that are written at once. */
async function filesFor(memory: number, streams: number): Promise<number> {
  const disk = openNodeDisk();
  let files = 0;
  const createPending = disk.createPending.bind(disk);
  Object.assign(disk, {
    createPending: (...given: Parameters<typeof createPending>) => {
      files += 1;
      return createPending(...given);
    },
  });
  const data = openDepot({ ...quiet, memory }, { disk });
  let waiting = 0;
  let all: () => void = () => undefined;
  const together = new Promise<void>((resolve) => {
    all = resolve;
  });
  async function* body() {
    yield new Uint8Array(600_000);
    waiting += 1;
    if (waiting === streams) all();
    await together;
  }
  const names = Array.from({ length: streams }, (_, index) => `memory:///s${index}`);
  await Promise.all(names.map((name) => data.writeStream(name, body())));
  for (const name of names) expect((await data.stat(name)).sizeBytes).toBe(600_000);
  // what was held is given back
  const before = files;
  await data.writeStream("memory:///again", new Blob([new Uint8Array(600_000)]).stream());
  expect(files - before).toBe(memory < 600_000 ? 1 : 0);
  await data.close();
  return before;
}

test("streams that do not fit into the memory of a depot go by files", async () => {
  expect(await filesFor(10_000_000, 4)).toBe(0);
  expect(await filesFor(1_300_000, 4)).toBe(2);
  expect(await filesFor(0, 4)).toBe(4);
});

test("with no memory left, an open file is read in small pieces", async () => {
  await bench.data.writeBytes("x", new Uint8Array(1024 * 1024));
  const requests = async (memory: number) => {
    const data = entrepot({ ...bench.s3.options, ...quiet, memory });
    const file = await data.open("s3://b/root/x");
    bench.s3.clearRequests();
    expect((await new Response(file.stream()).arrayBuffer()).byteLength).toBe(1024 * 1024);
    await data.close();
    return bench.s3.requests.map(({ bytesOut }) => bytesOut);
  };
  expect(await requests(96 * 1024 ** 2)).toEqual([65_536, 262_144, 720_896]);
  expect(await requests(0)).toEqual(Array.from({ length: 16 }, () => 65_536));
});
