/** Words about a node, for queries and pictures. They change nothing about its results. */
import { marked, type Tags } from "../mark.ts";
import type { AnyFunction } from "../types/functions.ts";
import { passing } from "./passing.ts";

/** The same function with tags, found again by `nodes({ tags })`. */
export function tag<F extends AnyFunction>(fn: F, tags: Tags): F {
  return marked(passing(fn), { inner: fn, tags });
}
