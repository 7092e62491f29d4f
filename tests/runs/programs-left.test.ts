/** Programs that end and leave others running, in sessions of their own. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { kinds } from "../queue/places.ts";
import { openRunWorld, type RunWorld } from "./run-world.ts";
import { isAlive } from "./untold.ts";

describe.each(kinds)("on a database that is $kind", { timeout: 60_000 }, ({ open }) => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await openRunWorld(open);
  }, 120_000);
  afterAll(() => world.close());

  test("what a program leaves behind in a session of its own ends with it", async () => {
    const id = await world.submitted(
      'setsid sh -c \'echo $$ > "$WORLD/left"; sleep 300\' > /dev/null 2>&1 & while [ ! -s "$WORLD/left" ]; do sleep 0.1; done',
    );
    await world.working();
    expect(await world.ended(id)).toMatchObject([{ state: "done" }]);
    expect(await isAlive(Number(await world.read("left")))).toBe(false);
  });

  test("what cannot be found, and goes on to talk, is not waited for, nor does the time run on meanwhile", async () => {
    const id = await world.submitted(
      'env -i WORLD="$WORLD" setsid sh -c \'echo $$ > "$WORLD/hidden"; while sleep 0.2; do echo tick || exit; done\' & while [ ! -s "$WORLD/hidden" ]; do sleep 0.1; done',
      { timeoutSeconds: 2, retries: 0 },
    );
    const worker = await world.working({ graceMs: 60_000 });
    onTestFinished(() => ended(world, "hidden"));
    expect(await world.ended(id)).toMatchObject([{ state: "done", attempts: 1 }]);
    await worker.stop();
  });

  test("a program that has ended before its worker was stopped is done", async () => {
    const id = await world.submitted(
      'env -i WORLD="$WORLD" setsid sh -c \'echo $$ > "$WORLD/late"; while sleep 0.2; do echo tick || exit; done\' & while [ ! -s "$WORLD/late" ]; do sleep 0.1; done; echo over',
    );
    const worker = await world.working();
    const over = world.happened(id, (event) => event.type === "log" && event.line === "over");
    onTestFinished(() => ended(world, "late"));
    await over;
    const { pid } = startedIn(world);
    while (await isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
    await worker.stop();
    expect(await world.store.tasks.list(id)).toMatchObject([{ state: "done", attempts: 1 }]);
  });
});

/** The attempt that began last. */
function startedIn({ events }: Pick<RunWorld, "events">): { readonly pid: number } {
  const event = [...events].reverse().find(({ type }) => type === "started");
  return { pid: event?.type === "started" ? event.pid : 0 };
}

/** A process whose number it has written is ended, unless it has ended itself. */
async function ended(world: RunWorld, name: string): Promise<void> {
  const pid = Number(await world.read(name));
  if (await isAlive(pid)) process.kill(pid, "SIGKILL");
}
