/** Nodes that read the clock, a database or anything else that their code does not show. */
import { marked } from "../mark.ts";
import type { AnyFunction } from "../types/functions.ts";
import { passing } from "./passing.ts";

/** Runs in every execution that needs it; kept results behind it are found by its value. */
export function volatile<F extends AnyFunction>(fn: F): F {
  return marked(passing(fn), { inner: fn, isVolatile: true });
}
