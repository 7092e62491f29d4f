/** An array's document of version 2, `.zarray`. https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html */
import { type ArrayFacts, measured } from "./measures.ts";
import { type Fields, fieldsOf, lengthsOf, malformed } from "./metadata.ts";

/** `attributes` is what `.zattrs` holds, where it was read. Error: malformed. */
export function arrayOfVersion2(
  array: Fields,
  attributes: Fields | undefined,
  uri: string,
): ReturnType<typeof measured> {
  const shape = lengthsOf(array["shape"], uri, "the shape", 0);
  const chunkShape = lengthsOf(array["chunks"], uri, "the shape of its chunks", 1);
  if (chunkShape.length !== shape.length) throw malformed(uri, "its chunks have other dimensions than the array");
  const dtype = array["dtype"];
  const facts: ArrayFacts = {
    shape,
    chunkShape,
    shardShape: undefined,
    dataType: typeof dtype === "string" ? dtype : JSON.stringify(dtype ?? null),
    codecs: codecsOf(array, uri),
    dimensionNames: namesOf(attributes?.["_ARRAY_DIMENSIONS"], shape.length),
  };
  return measured(facts, itemBytes(dtype));
}

/** The filters, then the compressor, each by its id; Blosc's with what it compresses by. */
function codecsOf({ filters, compressor }: Fields, uri: string): string[] {
  const all = [...(Array.isArray(filters) ? filters : []), ...(compressor == null ? [] : [compressor])];
  return all.map((codec) => {
    const { id, cname } = fieldsOf(codec, uri, "a codec");
    return typeof cname === "string" ? `${String(id)}(${cname})` : String(id);
  });
}

/** NumPy's words: order of bytes, kind, size; a structure is a list of fields. `undefined` where the size is not fixed. */
function itemBytes(dtype: unknown): number | undefined {
  if (Array.isArray(dtype)) {
    let sum = 0;
    for (const field of dtype) {
      const [, type, shape = []] = Array.isArray(field) ? field : [];
      const one = itemBytes(type);
      if (one === undefined || !Array.isArray(shape)) return undefined;
      sum += shape.reduce((product: number, length) => product * Number(length), one);
    }
    return sum;
  }
  const [, kind, size] = /^[<>|=]?([A-Za-z])(\d+)/.exec(String(dtype)) ?? [];
  if (kind === undefined || kind === "O") return undefined;
  // a NumPy character is a UTF-32 code unit
  return Number(size) * (kind === "U" ? 4 : 1);
}

/** As xarray writes them. */
function namesOf(value: unknown, dimensions: number): readonly string[] | undefined {
  const fits = Array.isArray(value) && value.length === dimensions && value.every((name) => typeof name === "string");
  return fits ? value : undefined;
}
