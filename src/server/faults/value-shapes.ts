/** What structured values of effects must look like, for callers without a compiler. */

type Fields = Readonly<Record<string, unknown>>;

const isAmount = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value) && value >= 0;
const isAbove0 = (value: unknown): boolean => isAmount(value) && value !== 0;
const optional = (isRight: (value: unknown) => boolean) => (value: unknown) => value === undefined || isRight(value);
const oneOf =
  (...values: readonly unknown[]) =>
  (value: unknown) =>
    values.includes(value);

/** Exactly these fields, each right. */
function hasShape(value: unknown, shape: Readonly<Record<string, (field: unknown) => boolean>>): value is Fields {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Fields;
  for (const name in fields) if (!Object.hasOwn(shape, name)) return false;
  return Object.entries(shape).every(([name, isRight]) => isRight(fields[name]));
}

export function isDelay(value: unknown): boolean {
  return (
    hasShape(value, { kind: oneOf("constant"), ms: isAmount }) ||
    (hasShape(value, { kind: oneOf("uniform"), minMs: isAmount, maxMs: isAmount }) &&
      Number(value["minMs"]) <= Number(value["maxMs"])) ||
    hasShape(value, { kind: oneOf("normal"), meanMs: isAmount, deviationMs: isAmount }) ||
    hasShape(value, { kind: oneOf("lognormal"), medianMs: isAmount, sigma: isAmount }) ||
    hasShape(value, { kind: oneOf("exponential"), meanMs: isAmount })
  );
}

export function isDrip(value: unknown): boolean {
  return hasShape(value, { bytes: (bytes) => Number.isSafeInteger(bytes) && Number(bytes) > 0, everyMs: isAmount });
}

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

export function isRate(value: unknown): boolean {
  return hasShape(value, {
    perSecond: isAbove0,
    burst: optional((burst) => isAmount(burst) && Number(burst) >= 1),
    per: optional(oneOf("prefix", "bucket", "key")),
    prefixDepth: optional((depth) => isWhole(depth) && depth !== 0),
    of: optional(oneOf("reads", "writes")),
    status: optional(oneOf(503, 429)),
    code: optional((code) => typeof code === "string" && /^[A-Z]\w*$/.test(code)),
    retryAfterSeconds: optional(isWhole),
  });
}

export function isRedirect(value: unknown): boolean {
  return hasShape(value, {
    status: optional(oneOf(301, 302, 307, 308)),
    to: optional((to) => typeof to === "string" && /^https?:\/\/[^/?#@\s]+\/?$/.test(to) && URL.canParse(to)),
    region: optional((region) => typeof region === "string" && /^[\w.-]+$/.test(region)),
  });
}
