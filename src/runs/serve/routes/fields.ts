/** What paths and queries of several operations hold. What a name may be in full, the store says. */
import { optional, type Shape, text, whole } from "../api/shape.ts";

export const runPath: { readonly run: Shape<string> } = { run: text({ min: 1, max: 100, pattern: "^[0-9a-z]+$" }) };
export const modelPath: { readonly model: Shape<string> } = { model: text({ min: 1, max: 200 }) };
export const policy: Shape<string> = text({ min: 1, max: 200 });
export const policyQuery: { readonly policy: Shape<string | undefined> } = { policy: optional(policy) };
/** Of lists that come by pages. */
export const pageQuery: {
  readonly policy: Shape<string | undefined>;
  readonly after: Shape<string | undefined>;
  readonly limit: Shape<number | undefined>;
} = {
  ...policyQuery,
  after: optional(text({ min: 1, max: 4_000, pattern: "^[\\w-]+$" })),
  limit: optional(whole(1, 1_000)),
};
export const note: Shape<string> = text({ max: 10_000 });
