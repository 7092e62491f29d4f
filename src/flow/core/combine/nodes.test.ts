import { describe, expect, test } from "vitest";
import {
  choose,
  dataflow,
  driver,
  extract,
  from,
  openDriver,
  otherwise,
  parameterize,
  retry,
  tag,
  when,
} from "../index.ts";

describe("choose", () => {
  const module = {
    source: choose("source", { local: () => "here", prod: ({ bucket }: { bucket: string }) => bucket }),
    region: choose("region", { eu: () => "eu", us: () => "us" }, { default: "eu" }),
  };
  const flow = dataflow({ module }).inputs<{ bucket: string }>();

  test("takes the case that the configuration names, and plans nothing of the others", async () => {
    const values = await driver(flow, { config: { source: "local" } }).execute(["source", "region"]);
    expect(values).toEqual({ source: "here", region: "eu" });
  });

  test("refuses a case that is not there, and names those that are", () => {
    expect(() => openDriver(flow, { config: { source: "qa" } })).toThrow(
      `config 'source' is "qa", but 'source' has only local, prod`,
    );
  });

  test("without a configuration fails for whoever asks for it alone", async () => {
    const run = openDriver(flow, {});
    expect(await run.execute(["region"])).toEqual({ region: "eu" });
    await expect(run.execute(["source"])).rejects.toThrow(
      "'source' is chosen by the config 'source', which is not set: local, prod",
    );
  });
});

describe("when", () => {
  const module = {
    factor__us: when({ region: "us" }, () => 1),
    factor__uk: when({ region: "uk" }, () => 2),
    rate__eu: when({ region: "eu" }, () => 3),
    rate__else: otherwise(() => 4),
    price: ({ factor, rate }: { factor: number; rate: number }) => factor * rate,
  };
  const flow = dataflow({ module });

  test("chooses the variant that fits, otherwise the one for all other cases", async () => {
    expect(await driver(flow, { config: { region: "uk" } }).execute(["price"])).toEqual({ price: 8 });
  });

  test("where none fits says which there are and what would choose one", async () => {
    await expect(driver(flow, { config: { region: "eu" } }).execute(["price"])).rejects.toThrow(
      `'factor' has no variant for this configuration (region: "eu"): there is factor__us with region: "us", factor__uk with region: "uk" (price → factor)`,
    );
  });

  test("refuses two that fit", () => {
    const twice = { a__x: when({ x: 1 }, () => 1), a__y: when({ y: 1 }, () => 2) };
    expect(() => driver(dataflow({ twice }), { config: { x: 1, y: 1 } })).toThrow(
      "two variants that fit: a__x and a__y",
    );
  });
});

describe("extract", () => {
  const table = () => ({ spend: [1, 2], signups: [3, 4] });
  const frame = async () => ({ getColumn: (name: string) => `column ${name}` });
  const arrow = () => ({ getChild: (name: string): string | null => (name === "a" ? "child" : null) });
  const module = {
    table,
    frame,
    arrow,
    ...extract(table, ["spend", "signups"]),
    ...extract(frame, ["clicks"]),
    ...extract(arrow, ["a", "b"]),
  };

  test("gives fields of objects and columns of tables", async () => {
    const values = await driver(dataflow({ module })).execute(["spend", "clicks", "a"]);
    expect(values).toEqual({ spend: [1, 2], clicks: "column clicks", a: "child" });
  });

  test("of what is not there fails for whoever asks for it", async () => {
    await expect(driver(dataflow({ module })).execute(["b"])).rejects.toThrow("there is no 'b' to extract");
  });

  test("called directly calls its source", async () => {
    expect(await module.spend({})).toEqual([1, 2]);
  });

  test("of a function that no module exports is a mistake", async () => {
    const lost = { ...extract(() => ({ x: 1 }), ["x"]) };
    await expect(driver(dataflow({ lost })).execute(["x"])).rejects.toThrow("no module of the flow exports");
  });
});

describe("parameterize", () => {
  const price = ({ rate, base }: { rate: number; base: number }) => rate * base;
  const module = {
    base: () => 10,
    peak: () => 7,
    ...parameterize(price, { low: { rate: 2 }, high: { rate: from("peak") } }),
  };

  test("binds values and other nodes, and asks for the rest", async () => {
    const run = driver(dataflow({ module }));
    expect(await run.execute(["low", "high"])).toEqual({ low: 20, high: 70 });
    expect(await run.upstream("low")).toEqual(["base"]);
    expect(await run.upstream("high")).toEqual(["base", "peak"]);
  });

  test("called directly binds, too", () => {
    expect(module.low({ base: 3 })).toBe(6);
    expect(module.high({ base: 3, peak: 2 })).toBe(6);
  });
});

test("tags find nodes again, through other wrappers, too", () => {
  const module = {
    a: tag(
      retry(() => 1),
      { team: "growth", kind: ["daily", "money"] },
    ),
    b: retry(tag(() => 1, { team: "growth" })),
    c: () => 1,
  };
  const run = driver(dataflow({ module }));
  const named = (tags: Record<string, string>) => run.nodes({ tags }).map(({ name }) => name);
  expect(named({ team: "growth" })).toEqual(["a", "b"]);
  expect(named({ team: "growth", kind: "money" })).toEqual(["a"]);
});

test("modules are interfaces: another module with the same nodes stands in", async () => {
  const local = { rows: ({ path }: { path: string }) => path.length, unit: "row" };
  const prod = { rows: ({ bucket }: { bucket: string }) => bucket.length * 100, unit: "row" };
  const costs = { total: ({ rows }: { rows: number }) => rows * 2 };
  const flow = dataflow({ local, costs }).inputs<{ path: string; bucket: string }>();
  expect(await driver(flow).execute(["total"], { inputs: { path: "ab" } })).toEqual({ total: 4 });
  const swapped = flow.with({ local: prod });
  expect(await driver(swapped).execute(["total"], { inputs: { bucket: "ab" } })).toEqual({ total: 400 });
  expect(() => flow.with({ local: { rows: () => 1 } } as never)).toThrow("in the place of 'local' lacks 'unit'");
  expect(() => flow.with({ locl: prod } as never)).toThrow("no module 'locl' to replace: did you mean local?");
});

test("two nodes of one name are refused", () => {
  const flow = dataflow({ one: { a: () => 1 }, two: { a: () => 2 } });
  expect(() => openDriver(flow, {})).toThrow("'a' is in module 'one' and in module 'two'");
});
