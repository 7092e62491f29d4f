import { expect, test } from "vitest";
import { openMemoryStore } from "../memory/index.ts";
import { withPrefix } from "./index.ts";

test("what is written to a part lies in the whole, below the prefix, and nothing else is seen", async () => {
  const whole = openMemoryStore();
  const part = withPrefix(whole, "part/");
  await whole.write("other", new Uint8Array(1));
  await part.write("doc", new Uint8Array(2));
  expect((await whole.stat("part/doc")).sizeBytes).toBe(2);
  const listed = [];
  for await (const page of part.list()) listed.push(...page.objects.map(({ key }) => key));
  expect(listed).toEqual(["doc"]);
  expect(part.uri).toBe("memory:///part/");
});
