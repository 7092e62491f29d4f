/** Holds the fields of a form against its policy: every condition is met, and every field is spoken of. */
import { s3Error } from "../errors.ts";
import type { FormField } from "./multipart.ts";
import type { PolicyCondition, PostPolicy } from "./post-policy.ts";

export interface CheckedForm {
  readonly bucket: string;
  readonly key: string;
  /** As sent, `${filename}` filled in. */
  readonly fields: readonly FormField[];
}

/** How large the file may be, in bytes; both bounds are allowed. */
export interface SizeRange {
  readonly min: number;
  readonly max: number;
}

/** What no condition need speak of. */
const free = /^(?:policy|x-amz-signature|file|x-ignore-.*)$/i;

/** What the policy says of the size of the file. Error: AccessDenied, "Invalid according to Policy". */
export function checkPolicy(policy: PostPolicy, form: CheckedForm, nowMs: number): SizeRange {
  if (nowMs > policy.expiresMs) throw refused("Policy expired.");
  const spokenOf = new Set(policy.conditions.map((one) => (one.kind === "content-length-range" ? "" : one.field)));
  const extra = form.fields
    .map(({ name }) => name)
    .filter((name) => !free.test(name) && !spokenOf.has(name.toLowerCase()));
  // The bucket must be spoken of even where no field names it.
  if (!spokenOf.has("bucket") && !extra.includes("bucket")) extra.push("bucket");
  if (extra.length > 0) throw refused(`Extra input fields: ${extra.join(", ")}`);
  const range = { min: 0, max: Number.POSITIVE_INFINITY };
  for (const condition of policy.conditions) {
    if (!isMet(condition, form)) throw refused(`Policy Condition failed: ${condition.shown}`);
    if (condition.kind !== "content-length-range" || condition.range === undefined) continue;
    range.min = Math.max(range.min, condition.range[0]);
    range.max = Math.min(range.max, condition.range[1]);
  }
  return range;
}

function isMet(condition: PolicyCondition, form: CheckedForm): boolean {
  if (condition.kind === "content-length-range") return condition.range !== undefined;
  const { kind, field, value } = condition;
  const given = field === undefined ? undefined : givenTo(form, field);
  // An absent field does not even start with nothing: github.com/waynehoover/s3_direct_upload/issues/29.
  if (given === undefined) return false;
  if (kind === "eq") return given === value;
  const each = field === "content-type" ? given.split(",").map((one) => one.trim()) : [given];
  return each.every((one) => one.startsWith(value));
}

/** Of several fields of one name the values are joined with commas. */
function givenTo(form: CheckedForm, field: string): string | undefined {
  if (field === "bucket") return form.bucket;
  if (field === "key") return form.key;
  const values = form.fields.filter(({ name }) => name.toLowerCase() === field).map(({ value }) => value);
  return values.length === 0 ? undefined : values.join(",");
}

/** The refusal of a policy that does not hold. */
export function refused(why: string): Error {
  return s3Error("AccessDenied", { message: `Invalid according to Policy: ${why}` });
}
