import { expect, test } from "vitest";
import { scriptTransport } from "../../testing/index.ts";
import { refusal, scripted } from "./scripted.fixture.ts";

const empty = "<ListBucketResult><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>";

/** How often the transport was told that it is too much, when the first answer is this one. */
async function toldOf(first: ReturnType<typeof refusal>): Promise<number> {
  let told = 0;
  const transport = scriptTransport((_request, n) => (n === 1 ? first : { status: 200, body: empty }));
  const throttled = () => {
    told += 1;
  };
  const { bucket } = scripted(() => ({ status: 500 }), { transport: { ...transport, throttled } });
  for await (const _ of bucket.list({})) expect.unreachable();
  return told;
}

test("that a server is asked too much is passed on where only the body says it", async () => {
  expect(await toldOf(refusal(200, "SlowDown"))).toBe(1);
  expect(await toldOf(refusal(400, "RequestLimitExceeded"))).toBe(1);
});

test("a status that says so is the transport's own to see, and other failures are no haste", async () => {
  expect(await toldOf(refusal(503, "SlowDown"))).toBe(0);
  expect(await toldOf(refusal(500, "InternalError"))).toBe(0);
});
