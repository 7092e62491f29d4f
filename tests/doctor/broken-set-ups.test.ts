/** Broken set-ups, and the finding of the doctor that says what is wrong with each and what to do. */
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Finding } from "../../src/doctor/index.ts";
import { identityRows } from "./identity-rows.ts";
import { networkRows } from "./network-rows.ts";
import type { Row } from "./row.ts";
import { serverRows } from "./server-rows.ts";
import { settingsRows } from "./settings-rows.ts";
import { leaked, openStage, run, type Stage, usualEnv } from "./stage.ts";

const rows: readonly Row[] = [...identityRows, ...settingsRows, ...networkRows, ...serverRows];
let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const diagnoses = new Map<string, string>();

describe.each(rows)("$name", (row) => {
  test.skipIf(row.asRoot === true && process.geteuid?.() !== 0)("is diagnosed", async () => {
    for (const [name, text] of Object.entries(row.files ?? {})) await stage.file(name, text);
    const env = { ...usualEnv(stage), ...row.env, ...(await row.prepare?.(stage)) };
    const operands = row.address === null ? [] : [row.address ?? "s3://b/k.txt"];
    const args = [...(row.args ?? []), ...operands];
    const machine = await run(stage, ["doctor", "--json", "--debug", ...args], env);
    const findings = machine.stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Finding);
    const found = findings.find(({ name, status }) => name === row.finds && status !== "ok");
    expect(found, machine.stdout + machine.stderr).toMatchObject({
      status: row.code === undefined ? expect.stringMatching(/note|problem/) : "problem",
      value: expect.stringMatching(row.value ?? /./),
      hint: expect.stringMatching(row.hint),
      ...(row.code === undefined ? undefined : { code: row.code }),
    });
    // the exit code is that of a problem, and only then
    expect(machine.code === 0).toBe(findings.every(({ status }) => status !== "problem"));
    if (row.sameFix !== true) diagnoses.set(row.name, (found?.hint ?? "").replaceAll(stage.home, "~"));

    const people = await run(stage, ["doctor", "--debug", ...args], env);
    const explained = operands.length === 0 ? undefined : await run(stage, ["explain", "--debug", ...args], env);
    for (const said of [machine, people, explained]) expect(`${said?.stdout}${said?.stderr}`).not.toMatch(leaked);
    expect(people.code).toBe(machine.code);
    if (explained === undefined) return;
    expect(explained.code).toBe(machine.code);
    expect(explained.stdout).toContain(`> ${found?.hint}`);
  });
});

afterAll(() => {
  expect(rows.length).toBeGreaterThanOrEqual(40);
  // two causes have two ways out
  const alike = [...diagnoses].filter(([name, said]) =>
    [...diagnoses].some(([other, same]) => other !== name && same === said),
  );
  expect(alike).toEqual([]);
});
