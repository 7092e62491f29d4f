/** Checks what a node gives: by a Standard Schema, or by plain functions. All failures of a value are told at once. */
import { EntrepotError, isOneOf, mistakeInValues, shownValue } from "../../../error/index.ts";
import type { Layer, LayerContext } from "../layer.ts";
import type { AnyFunction } from "../types/functions.ts";
import type { SchemaInput, SchemaIssue, SchemaOutput, StandardSchema } from "../types/schema.ts";
import { layered } from "./layered.ts";

export interface CheckedOptions {
  /** `"warn"` tells a `check-warning` event and passes the value on. Default `"fail"`: the node fails with `malformed`. */
  readonly onFailure?: "fail" | "warn" | undefined;
}

const known = new Map([["onFailure", isOneOf(["fail", "warn"])]]);

/** Gives `true`, or says in words what is wrong; several failures as a list. `false` says no more than its own name. */
export type Check<T> = (
  value: T,
) => boolean | string | readonly string[] | Promise<boolean | string | readonly string[]>;

/** The same function with a schema that each value has to pass; what the schema makes of it is what the node gives. */
export function checked<
  S extends StandardSchema,
  F extends (...args: never[]) => SchemaInput<S> | Promise<SchemaInput<S>>,
>(schema: S, fn: F, options?: CheckedOptions): (...args: Parameters<F>) => Promise<SchemaOutput<S>>;
/** The same function with plain checks of its value, all of which are made. */
export function checked<F extends AnyFunction>(
  checks: Check<Awaited<ReturnType<F>>> | readonly Check<Awaited<ReturnType<F>>>[],
  fn: F,
  options?: CheckedOptions,
): (...args: Parameters<F>) => Promise<Awaited<ReturnType<F>>>;
export function checked(by: unknown, fn: AnyFunction, options: CheckedOptions = {}): AnyFunction {
  const mistake = mistakeInValues("checked()", options, known);
  if (mistake !== undefined) throw mistake;
  const { onFailure = "fail" } = options;
  const check = isSchema(by) ? schemaCheck(by, onFailure) : plainChecks(by, onFailure);
  const layer: Layer = {
    kind: "check",
    check,
    changes: isSchema(by),
    run: async (call, context) => check(await call(context.signal), context),
  };
  return layered(fn, layer);
}

function isSchema(value: unknown): value is StandardSchema {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    typeof (value as Partial<StandardSchema>)["~standard"]?.validate === "function"
  );
}

function schemaCheck(schema: StandardSchema, onFailure: "fail" | "warn") {
  return async (value: unknown, context: LayerContext): Promise<unknown> => {
    const result = await schema["~standard"].validate(value);
    if (result.issues === undefined) return result.value;
    report(result.issues.map(issueText), onFailure, context);
    return value;
  };
}

function plainChecks(by: unknown, onFailure: "fail" | "warn") {
  const checks: readonly unknown[] = Array.isArray(by) ? by : [by];
  for (const check of checks) {
    if (typeof check !== "function")
      throw new TypeError(`checked() takes a Standard Schema or functions, not ${shownValue(check)}`);
  }
  return async (value: unknown, context: LayerContext): Promise<unknown> => {
    const failures: string[] = [];
    for (const check of checks as Check<unknown>[]) {
      const said = await check(value);
      if (said === false) failures.push(check.name === "" ? "a check without a name says no" : `${check.name} says no`);
      else if (said !== true) failures.push(...(typeof said === "string" ? [said] : said));
    }
    if (failures.length > 0) report(failures, onFailure, context);
    return value;
  };
}

function report(failures: readonly string[], onFailure: "fail" | "warn", { node, tell }: LayerContext): void {
  if (onFailure === "warn") {
    tell({ type: "check-warning", node, failures });
    return;
  }
  const lines = failures.map((failure) => `\n  ${failure}`).join("");
  throw new EntrepotError("malformed", `what '${node}' gives does not pass its checks:${lines}`, {
    hint: "the node gives something else than its checks allow: mend one of them",
    retryable: true,
  });
}

/** `rows.3.name: expected a string`. */
export function issueText({ message, path = [] }: SchemaIssue): string {
  const place = path.map((part) => String(typeof part === "object" ? part.key : part)).join(".");
  return place === "" ? message : `${place}: ${message}`;
}
