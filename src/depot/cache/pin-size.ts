/** Whether what is pinned leaves room for anything else. Pins stand above limits, so somebody should hear of it. */
import type { Cache, Pin } from "../../cache/index.ts";
import { EntrepotError } from "../../error/index.ts";
import type { Context } from "../context.ts";

/** Warns when what is pinned alone exceeds the limit. */
export async function warnOfPins(context: Context, cache: Cache | undefined): Promise<void> {
  const { cache: settings } = context.settings;
  const maxBytes = settings === false ? undefined : settings.maxBytes;
  if (cache === undefined || maxBytes === undefined) return;
  const pins = await cache.pins();
  const sizeBytes = pins.filter((pin) => !pins.some((other) => holds(other, pin))).reduce(sumOf, 0);
  if (sizeBytes <= maxBytes) return;
  context.warn(
    new EntrepotError(
      "limit-exceeded",
      `What is pinned takes ${sizeBytes} bytes, more than the ${maxBytes} of the limit`,
      {
        hint: "Pins stand above the limit, and nothing else stays in the cache: raise it (ENTREPOT_CACHE_MAX_BYTES), or unpin something.",
      },
    ),
  );
}

/** Whether a pin is counted by a larger one. */
function holds(larger: Pin, { id, uri }: Pin): boolean {
  return larger.id !== id && larger.complete && uri !== larger.uri && uri.startsWith(larger.uri);
}

function sumOf(sum: number, { sizeBytes }: Pin): number {
  return sum + sizeBytes;
}
