/** The memory of an unreachable origin. */
import { expect, test } from "vitest";
import { circuitOpenMs, openCircuit } from "./circuit.ts";

function opened() {
  const clock = { nowMs: 1_000_000 };
  const circuit = openCircuit(() => clock.nowMs);
  circuit.attempt()?.failed();
  return { clock, circuit };
}

test("a new circuit lets everybody try", () => {
  const circuit = openCircuit(() => 0);
  expect([circuit.attempt(), circuit.attempt()].every((attempt) => attempt !== undefined)).toBe(true);
});

test("after a failure nobody tries for 30 seconds, and then one does", () => {
  const { clock, circuit } = opened();
  clock.nowMs += circuitOpenMs - 1;
  expect(circuit.attempt()).toBeUndefined();
  clock.nowMs += 1;
  const probe = circuit.attempt();
  expect(probe).toBeDefined();
  expect(circuit.attempt()).toBeUndefined();
  probe?.failed();
  clock.nowMs += circuitOpenMs - 1;
  expect(circuit.attempt()).toBeUndefined();
  clock.nowMs += 1;
  circuit.attempt()?.succeeded();
  expect(circuit.attempt()).toBeDefined();
});

test("a probe that was abandoned leaves the question to the next", () => {
  const { clock, circuit } = opened();
  clock.nowMs += circuitOpenMs;
  circuit.attempt()?.abandoned();
  expect(circuit.attempt()).toBeDefined();
});

test("a probe that was answered ends at once, and what becomes of it later counts, too", () => {
  const { clock, circuit } = opened();
  clock.nowMs += circuitOpenMs;
  const first = circuit.attempt();
  first?.succeeded();
  expect(circuit.attempt()).toBeDefined();
  first?.failed();
  expect(circuit.attempt()).toBeUndefined();
  clock.nowMs += circuitOpenMs;
  const second = circuit.attempt();
  first?.abandoned();
  expect([second === undefined, circuit.attempt()]).toEqual([false, undefined]);
});

test("who insists is let through, and success is known to all", () => {
  const { circuit } = opened();
  const attempt = circuit.insist();
  expect(circuit.attempt()).toBeUndefined();
  attempt.succeeded();
  expect(circuit.attempt()).toBeDefined();
});

test("a clock that went back closes the circuit", () => {
  const { clock, circuit } = opened();
  clock.nowMs -= 1;
  expect(circuit.attempt()).toBeDefined();
});
