/** What paths and queries of several operations hold. What a name may be in full, the store says. */
import { optional, type Shape, text } from "../api/shape.ts";

export const runPath: { readonly run: Shape<string> } = { run: text({ min: 1, max: 100, pattern: "^[0-9a-z]+$" }) };
export const modelPath: { readonly model: Shape<string> } = { model: text({ min: 1, max: 200 }) };
export const policy: Shape<string> = text({ min: 1, max: 200 });
export const policyQuery: { readonly policy: Shape<string | undefined> } = { policy: optional(policy) };
export const note: Shape<string> = text({ max: 10_000 });
