import { describe, expect, test } from "vitest";
import {
  MemoryStorage,
  type PersonalityName,
  personalities,
  personalityNames,
  startServer,
} from "../../src/server/index.ts";
import { probes } from "./personality-probes.ts";
import { RawClient } from "./raw.ts";

const behaviours = personalities.flatMap(({ name, behaviours }) => behaviours.map((one) => ({ name, ...one })));

async function probe(personality: string, id: string): Promise<void> {
  const raw = await RawClient.start(personality as PersonalityName);
  try {
    await probes[id]?.(raw);
  } finally {
    await raw.close();
  }
}

test("every behaviour has a probe, and every probe a behaviour", () => {
  expect(Object.keys(probes).sort()).toEqual(behaviours.map(({ id }) => id).sort());
});

describe.each(personalities)("$title behaves so", ({ name, behaviours }) => {
  test.each(behaviours)("$id: $says", ({ id }) => probe(name, id));
});

describe("none of it is what AWS does", () => {
  const others = behaviours.filter(({ name }) => name !== "aws");
  test.each(others)("$id", async ({ id }) => {
    await expect(probe("aws", id)).rejects.toThrow();
  });
});

test("each behaviour bears its store's name and says where it is written down", () => {
  for (const { name, id, says, source } of behaviours) {
    expect(id).toMatch(new RegExp(`^${name}-[a-z0-9-]+$`));
    expect(says).toMatch(/^[^\n]{20,220}\.$/);
    for (const one of source) expect(one).toMatch(/^(?:[\w.-]+\/[\w.-]+#\d+|https:\/\/\S+)$/);
  }
  expect(new Set(behaviours.map(({ id }) => id)).size).toBe(behaviours.length);
});

test("a server that is told nothing is as AWS is, and a name that it does not know is refused", async () => {
  expect(personalityNames[0]).toBe("aws");
  const settings = { storage: new MemoryStorage(), credentials: [], personality: "azure" as never };
  await expect(startServer(settings)).rejects.toThrow(
    'personality of startServer() is one of aws, r2, minio, ceph, b2, gcs, not "azure"',
  );
});

/** The line that `tests/interop/servers/radosgw.sh start` prints. */
const radosgw = process.env["RADOSGW"];

describe.skipIf(radosgw === undefined)(
  "the real radosgw does what the personality ceph does (RADOSGW is the line of radosgw.sh)",
  () => {
    const { endpoint = "http://none:0", ...keys } = JSON.parse(radosgw ?? "{}");
    const ceph = behaviours.filter(({ name }) => name === "ceph");
    test.each(ceph)("$id", async ({ id }) => {
      await probes[id]?.(await RawClient.at({ ...keys, port: Number(new URL(endpoint).port) }));
    });
  },
);
