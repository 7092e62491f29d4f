/** What was pinned, after what waited was sent: offline it is what the server has by then. */
import { type Depot, entrepot } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openS3 } from "./backends.ts";

let bench: Awaited<ReturnType<typeof openS3>>;
let home: Depot;
let away: Depot;
let other: Depot;
const folder = "s3://b/root/pp/";

beforeEach(async () => {
  bench = await openS3(true);
  home = bench.data.with({ outbox: true });
  away = bench.data.with({ outbox: true, network: "offline" });
  other = entrepot({ ...bench.s3.options, cache: false, env: {}, envFile: false });
  await other.writeText(`${folder}a.txt`, "a");
  await other.writeText(`${folder}b.txt`, "b");
  await home.cache.pin(folder);
});
afterEach(async () => {
  await other.close();
  await bench.close();
});

describe.each(["with an outbox", "without one"])("a pinned folder, read offline %s after a push", (who) => {
  const reader = () => (who === "with an outbox" ? away : bench.data.with({ network: "offline" }));

  test("has what was written and not what was removed, in every verb", async () => {
    await away.writeText(`${folder}new.txt`, "new one");
    await away.remove(`${folder}a.txt`);
    await away.writeText(`${folder}b.txt`, "b again");
    await home.offline.push();
    const offline = reader();
    expect(await offline.list(folder).uris()).toEqual([`${folder}b.txt`, `${folder}new.txt`]);
    expect(await offline.exists(`${folder}a.txt`)).toBe(false);
    expect(await offline.readText(`${folder}b.txt`)).toBe("b again");
    expect(await offline.readText(`${folder}new.txt`)).toBe("new one");
    expect(await offline.usage(folder)).toEqual({ objects: 2, sizeBytes: 14 });
    const [pin] = (await offline.offline.status()).pins;
    expect(pin?.missing.objects).toBe(0);
  });

  test("has what was sent in the place of another version", async () => {
    await other.writeText(`${folder}b.txt`, "theirs");
    await away.writeText(`${folder}b.txt`, "mine instead");
    const report = await home.offline.push({ onError: "ignore" });
    expect(report.failed).toHaveLength(1);
    const [entry] = await home.offline.outbox();
    await home.offline.push({ overwrite: entry?.id });
    expect(await reader().readText(`${folder}b.txt`)).toBe("mine instead");
    expect(await reader().usage(folder)).toEqual({ objects: 2, sizeBytes: 13 });
  });

  test("has not what was removed here and by somebody else as well", async () => {
    await away.remove(`${folder}a.txt`);
    await other.remove(`${folder}a.txt`);
    await home.offline.push();
    expect(await reader().exists(`${folder}a.txt`)).toBe(false);
    expect(await reader().list(folder).uris()).toEqual([`${folder}b.txt`]);
  });
});
