import { describe, expect, it } from "vitest";
import { type Depot, entrepot } from "../depot/index.ts";
import { EntrepotError, type ErrorCode } from "../error/index.ts";
import { addressFindings } from "./address.ts";
import type { Finding } from "./finding.ts";

const memory = entrepot({ env: {}, envFile: false, cache: false });
await memory.writeText("memory:///folder/a", "text");

async function ask(depot: Depot, address: string): Promise<Finding[]> {
  const all: Finding[] = [];
  for await (const finding of addressFindings(depot, address)) all.push(finding);
  return all;
}
const shown = (findings: readonly Finding[]) => findings.map(({ name, status }) => `${name} ${status}`);
const failing = (code: ErrorCode) => () => {
  throw new EntrepotError(code, "refused");
};

describe("an address that is asked for", () => {
  it("answers to HEAD, GET and LIST", async () => {
    const findings = await ask(memory, "memory:///folder/a");
    expect(shown(findings)).toEqual(["address ok", "HEAD ok", "GET ok", "LIST ok"]);
    expect(findings[1]?.value).toMatch(/^4 bytes, etag /);
    expect(findings[3]?.value).toBe("answers, first name a");
  });

  it("is only listed when it is a folder", async () => {
    expect(shown(await ask(memory, "memory:///folder/"))).toEqual(["address ok", "LIST ok"]);
  });

  it("says why it cannot be read, and the way out", async () => {
    const findings = await ask(memory, "memory:///folder/b");
    expect(shown(findings)).toEqual(["address ok", "HEAD problem", "GET problem", "LIST ok"]);
    expect(findings[1]).toMatchObject({ code: "not-found", value: expect.stringContaining("memory:///folder/b") });
  });

  it("that is none is a problem of the address", async () => {
    expect(shown(await ask(memory, "s3:/x"))).toEqual(["address problem"]);
  });

  it("may be readable where its folder is not listable: that is a note", async () => {
    const findings = await ask({ ...memory, list: failing("forbidden") }, "memory:///folder/a");
    expect(shown(findings)).toEqual(["address ok", "HEAD ok", "GET ok", "LIST note"]);
    expect(findings[3]?.hint).toMatch(/^reading works; /);
  });

  it("keeps why each of the three was refused", async () => {
    const refused = { ...memory, stat: failing("server-error") as Depot["stat"], readRange: failing("forbidden") };
    expect((await ask(refused, "memory:///folder/a")).map(({ code }) => code)).toEqual([
      undefined,
      "server-error",
      "forbidden",
      undefined,
    ]);
  });

  it("that cannot be reached is asked for once", async () => {
    const silent = { ...memory, stat: failing("timeout") as Depot["stat"] };
    expect(shown(await ask(silent, "memory:///folder/a"))).toEqual([
      "address ok",
      "HEAD problem",
      "GET note",
      "LIST note",
    ]);
  });

  it("that is missing is likely its neighbour", async () => {
    await memory.writeText("memory:///near/data.csv", "text");
    expect((await ask(memory, "memory:///near/Data.csv")).at(-1)).toMatchObject({
      name: "access",
      hint: expect.stringContaining("did you mean memory:///near/data.csv?"),
    });
  });

  it("is left alone when the caller ends it", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    const asked = addressFindings({ ...memory, stat: failing("timeout") as Depot["stat"] }, "memory:///folder/a", {
      signal,
    });
    await asked.next();
    await expect(asked.next()).rejects.toThrow("enough");
  });
});
