import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Queue } from "../../src/queue/index.ts";
import { type BrokenAnswers, withBrokenAnswers } from "./broken-answers.ts";
import { kinds } from "./places.ts";
import { openQueues, type Queues } from "./queues.ts";

describe.each(kinds)("sending to a database of the kind $kind", ({ open }) => {
  let queues: Queues;
  let broken: BrokenAnswers;

  beforeAll(async () => {
    queues = await openQueues(open);
    broken = withBrokenAnswers(queues.database);
  }, 120_000);
  afterAll(() => queues?.close(), 60_000);

  const queueOf = (): Promise<Queue> => queues.queueOf({}, broken.database);

  test("a connection that breaks makes no task twice, and loses none", { timeout: 60_000 }, async () => {
    const queue = await queueOf();
    broken.lose(/INSERT INTO entrepot_queue.job_?/, 2);
    const id = await queue.send({ is: "one" });
    broken.lose(/INSERT INTO entrepot_queue.job_?/, 1);
    const ids = await queue.sendAll({ a: { data: {} }, b: { data: {}, after: ["a"] } });
    expect(broken.lost).toBe(3);
    expect(await queue.counts()).toMatchObject({ ready: 2, waiting: 1 });
    broken.lose(/state = 'cancelled'/, 3);
    await queue.cancel([id, ids["a"] ?? ""], "enough");
    expect(broken.lost).toBe(6);
    expect(await queue.counts()).toMatchObject({ ready: 0, waiting: 0, cancelled: 3 });
    expect((await queue.states([id])).get(id)).toMatchObject({ reason: "enough" });
  });

  test("tasks with ids of the caller are there once, and half of an order is refused", {
    timeout: 60_000,
  }, async () => {
    const queue = await queueOf();
    const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()];
    expect(await queue.send({ is: 1 }, { id: one })).toBe(one);
    expect(await queue.send({ is: 2 }, { id: one })).toBe(one);
    expect((await queue.states([one])).get(one)?.data).toEqual({ is: 1 });
    const order = { two: { id: two, data: {} }, three: { id: three, data: {}, after: ["two"] } };
    expect(await queue.sendAll(order)).toEqual({ two, three });
    expect(await queue.sendAll(order)).toEqual({ two, three });
    const half = { ...order, four: { data: {}, after: ["three"] } };
    await expect(queue.sendAll(half)).rejects.toMatchObject({ code: "already-exists" });
    expect(await queue.counts()).toMatchObject({ ready: 2, waiting: 1 });
  });

  test("what is sent within a transaction is there with its commit, and not without", { timeout: 60_000 }, async () => {
    const queue = await queueOf();
    const table = "own_rows";
    await queues.database.query(`CREATE TABLE ${table} (id uuid)`);
    const [id, lost] = [randomUUID(), randomUUID()];
    await queues.database.transaction(async (within) => {
      await within.query(`INSERT INTO ${table} VALUES ($1)`, [id]);
      await queue.sendAll({ a: { id, data: {} }, b: { data: {}, after: ["a"] } }, { within });
      await queue.send({}, { within });
    });
    expect(await queue.counts()).toMatchObject({ ready: 2, waiting: 1 });
    const refused = queues.database.transaction(async (within) => {
      await queue.send({}, { id: lost, within });
      throw new RangeError("no");
    });
    await expect(refused).rejects.toThrow(RangeError);
    expect(await queue.counts()).toMatchObject({ ready: 2, waiting: 1 });
    await expect(queue.wait(lost)).rejects.toMatchObject({ code: "not-found" });
    queue.work(async () => "well");
    expect(await queue.wait(id)).toMatchObject({ state: "done", output: "well" });
  });

  test("what is no id, or names no task, is told to who asked for it", { timeout: 60_000 }, async () => {
    const queue = await queueOf();
    const id = await queue.send({});
    const waited = queue.wait(id);
    await expect(queue.wait("a")).rejects.toMatchObject({ code: "misconfigured" });
    await expect(queue.wait(id.toUpperCase())).rejects.toMatchObject({ code: "misconfigured" });
    await expect(queue.states(["a"])).rejects.toMatchObject({ code: "misconfigured" });
    await expect(queue.cancel(["a"])).rejects.toMatchObject({ code: "misconfigured" });
    await expect(queue.send({}, { id: "a" })).rejects.toMatchObject({ code: "misconfigured" });
    await expect(queue.wait(randomUUID())).rejects.toMatchObject({ code: "not-found" });
    queue.work(async () => 1);
    expect(await waited).toMatchObject({ state: "done" });
  });
});
