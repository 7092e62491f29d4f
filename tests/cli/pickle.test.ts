import { type Depot, entrepot, PickledFrame } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BuiltCommand, parseLines } from "./spawn-command.ts";

let server: S3Server;
let command: BuiltCommand;
let data: Depot;

beforeAll(async () => {
  server = await startS3Server({ buckets: ["b"] });
  const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  command = await BuiltCommand.build({ AWS_ENDPOINT_URL: server.endpoint, ENTREPOT_CACHE: "0", ...credentials });
  data = entrepot({ ...server.options, cache: false, env: {}, envFile: false });
});
afterAll(async () => {
  await data.close();
  await command.close();
  await server.close();
});

test("pickle show draws values and frames, cut where they are long", async () => {
  const columns = [{ kind: "number", name: "x", dtype: "float64", values: Float64Array.of(1.5, 2) }] as const;
  const ring: Record<string, unknown> = {
    list: Array.from({ length: 25 }, (_, at) => at),
    t: Object.freeze(["\u001b[31m"]),
  };
  await data.writePickle("s3://b/v.pkl.gz", { ...ring, frame: new PickledFrame({ columns }), big: 2n ** 70n });
  const { code, stdout } = await command.run(["pickle", "show", "--items", "2", "s3://b/v.pkl.gz"]);
  expect(stdout).toBe(
    [
      "s3://b/v.pkl.gz",
      "  dict of 4",
      "    list: list of 25",
      "      [0] 0",
      "      [1] 1",
      "      … 23 more",
      "    t: tuple of 1",
      '      [0] "\\u001b[31m"',
      "    … 2 more",
      "",
    ].join("\n"),
  );
  expect(code).toBe(0);
  const whole = await command.run(["pickle", "show", "s3://b/v.pkl.gz"]);
  expect(whole.stdout).toContain(
    'frame: DataFrame  2 rows × 1 column\n      index 0 to 2  (2)\n      "x"  float64  1.5, 2\n',
  );
});

test("pickle show names the classes that reading refuses, and runs none", async () => {
  await data.writeText("s3://b/evil.pkl", "cos\nsystem\n(S'touch pwned'\ntR.");
  const text = await command.run(["pickle", "show", "s3://b/evil.pkl"]);
  expect(text.stdout).toContain("refused: os.system\n");
  const { code, stdout } = await command.run(["pickle", "show", "--json", "s3://b/evil.pkl"]);
  expect(parseLines(stdout)).toEqual([
    {
      type: "pickle",
      uri: "s3://b/evil.pkl",
      refused: ["os.system"],
      value: { python: "os.system", refused: true, args: ["touch pwned"], state: null },
    },
  ]);
  expect(code).toBe(0);
});

test("pickle show of what is no pickle fails with the code of what is malformed", async () => {
  await data.writeText("s3://b/text.pkl", "hello");
  const { code, stderr } = await command.run(["pickle", "show", "s3://b/text.pkl"]);
  expect(stderr).toMatch(/^error: s3:\/\/b\/text\.pkl: not a pickle that Python would load/);
  expect(code).not.toBe(0);
});
