import { entrepot } from "entrepot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDepot } from "../../src/depot/index.ts";
import { openNodeDisk } from "../../src/disk/index.ts";
import { openTransport, type Transport } from "../../src/net/index.ts";
import { openS3 } from "./backends.ts";

const quiet = { env: {}, envFile: false, cache: false } as const;
let bench: Awaited<ReturnType<typeof openS3>>;
beforeAll(async () => {
  bench = await openS3(false);
});
afterAll(() => bench.close());

/** How many parts a depot with this much memory has in flight at once, and how many files it makes, for a stream of 40 MB. */
async function flightsWith(memory: number): Promise<{ readonly most: number; readonly files: number }> {
  const disk = openNodeDisk();
  let files = 0;
  const createPending = disk.createPending.bind(disk);
  Object.assign(disk, {
    createPending: (...given: Parameters<typeof createPending>) => {
      files += 1;
      return createPending(...given);
    },
  });
  const transport = openTransport();
  let running = 0;
  let most = 0;
  const counting: Transport = {
    async send(request, sink) {
      const isPart = request.path.includes("partNumber=");
      if (isPart) running += 1;
      most = Math.max(most, running);
      await transport.send(request, sink);
      if (isPart) running -= 1;
    },
    close: () => transport.close(),
  };
  const data = openDepot({ ...bench.s3.options, ...quiet, memory }, { disk, transport: counting });
  async function* body() {
    for (let piece = 0; piece < 40; piece += 1) yield new Uint8Array(1_000_000).fill(piece);
  }
  for (const name of ["s3://b/first", "s3://b/second"]) {
    expect((await data.writeStream(name, body())).sizeBytes).toBe(40_000_000);
  }
  await data.close();
  await transport.close();
  return { most, files };
}

test("a stream goes up as it comes: no file is made of it, and what is in flight fits into the memory of the depot", async () => {
  expect((await flightsWith(96 * 1024 ** 2)).most).toBeGreaterThan(2);
  expect(await flightsWith(17 * 1024 ** 2)).toEqual({ most: 2, files: 0 });
  expect(await flightsWith(0)).toEqual({ most: 1, files: 0 });
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
