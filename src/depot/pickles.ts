/** `readPickle` and `writePickle`: Python's pickles, decoded by a machine that runs nothing. Loaded with the first of them. */
import { type ClassReader, loadPickle, type PickleLimits, type PickleProtocol, validated } from "../format/index.ts";
import type { Written } from "../transfer/index.ts";
import type { Address } from "../uri/index.ts";
import { lenient } from "./calls.ts";
import type { Context } from "./context.ts";
import type { BytesReadOptions, EncodeOptions, OnError, OnWriteError } from "./options.ts";
import { decodedPlace, writeEncoded } from "./values.ts";
import type { StandardSchema } from "./verb-types.ts";

interface Reading extends BytesReadOptions<OnError> {
  readonly schema?: StandardSchema | undefined;
  readonly classes?: Readonly<Record<string, ClassReader>> | undefined;
  readonly limits?: PickleLimits | undefined;
}

export async function readPickleOf(context: Context, from: Address, options: Reading = {}): Promise<unknown> {
  const { schema, classes, limits } = options;
  return lenient(context, options.onError, async () => {
    const [{ place, bytes }, { pickleOf }] = await Promise.all([decodedPlace(context, from, options), loadPickle()]);
    const value = pickleOf(bytes, { classes, limits, uri: place.uri });
    return schema === undefined ? value : validated(value, schema, { uri: place.uri });
  });
}

export async function writePickleOf(
  context: Context,
  to: Address,
  value: unknown,
  options: EncodeOptions<OnWriteError> & { readonly protocol?: PickleProtocol | undefined } = {},
): Promise<Written | undefined> {
  const { pickleBytes } = await loadPickle();
  return writeEncoded(context, to, pickleBytes(value, { protocol: options.protocol }), options);
}
