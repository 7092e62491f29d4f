/** Of many objects one is slow: the others do not wait for it, and there are never more at once than were asked for. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { request as ask, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { entrepot } from "entrepot";
import { startS3Server } from "entrepot/testing";
import { expect, test } from "vitest";

test.each(["copy", "sync"] as const)("%s does not hold the batch for it", async (verb) => {
  const s3 = await startS3Server({ buckets: ["b"] });
  const world = await mkdtemp(join(tmpdir(), "entrepot-"));
  const keys = Array.from({ length: 40 }, (_, index) => `in/${String(index).padStart(2, "0")}`);
  const direct = entrepot({ ...s3.options, cache: false, env: {}, envFile: false });
  for (const key of keys) await direct.writeText({ bucket: "b", key }, key);
  await direct.close();
  const [slow = ""] = keys;
  const gate = await gateway(s3.endpoint, slow);
  const data = entrepot({
    ...s3.options,
    endpoint: gate.endpoint,
    concurrency: 4,
    cache: { dir: join(world, "cache") },
    env: {},
    envFile: false,
  });
  try {
    const work = data[verb]("s3://b/in/", `${join(world, "here")}/`);
    // all others have been asked for and answered while the slow one still waits
    await gate.answered(keys.length - 1);
    expect(gate.isHeld).toBe(true);
    gate.release();
    expect((await work).copied.objects).toBe(keys.length);
    expect(gate.most).toBeLessThanOrEqual(4);
    expect((await readdir(join(world, "here"))).length).toBe(keys.length);
  } finally {
    gate.release();
    await data.close();
    await gate.close();
    await s3.close();
    await rm(world, { recursive: true });
  }
});

/** Stands before the server, holds one GET back, and counts. */
async function gateway(endpoint: string, slow: string) {
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let [isHeld, now, most, done] = [false, 0, 0, 0];
  const waiting: (() => void)[] = [];
  const proxy = createServer(async (request, response) => {
    const { method, url = "/", headers } = request;
    const isObject = method === "GET" && url.startsWith("/b/in/");
    if (isObject) most = Math.max(most, ++now);
    if (isObject && url.startsWith(`/b/${slow}`)) {
      isHeld = true;
      await released;
    }
    const { hostname, port } = new URL(endpoint);
    const behind = ask({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(behind);
    response.once("close", () => {
      if (!isObject) return;
      now -= 1;
      done += 1;
      for (const check of waiting) check();
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    release: () => release(),
    answered: (count: number) =>
      new Promise<void>((resolve) => {
        const check = () => done >= count && resolve();
        waiting.push(check);
        check();
      }),
    get isHeld() {
      return isHeld;
    },
    get most() {
      return most;
    },
    close: () => new Promise((resolve) => proxy.close(resolve)),
  };
}
