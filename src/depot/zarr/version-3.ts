/** An array's document of version 3, `zarr.json`. https://zarr-specs.readthedocs.io/en/latest/v3/core/v3.0.html */
import { type ArrayFacts, measured } from "./measures.ts";
import { type Fields, fieldsOf, lengthsOf, malformed, unsupported } from "./metadata.ts";

/** Errors: malformed; unsupported for grids of extensions, such as chunks of several sizes. */
export function arrayOfVersion3(array: Fields, uri: string): ReturnType<typeof measured> {
  const shape = lengthsOf(array["shape"], uri, "the shape", 0);
  const grid = named(array["chunk_grid"], uri, "the grid of its chunks");
  if (grid.name !== "regular") throw unsupported(uri, `chunks in a grid that is ${JSON.stringify(grid.name)}`);
  const outer = lengthsOf(grid.configuration["chunk_shape"], uri, "the shape of its chunks", 1);
  const codecs = codecList(array["codecs"], uri);
  const sharding = codecs.find(({ name }) => name === "sharding_indexed");
  const inner = sharding && lengthsOf(sharding.configuration["chunk_shape"], uri, "the shape of its inner chunks", 1);
  if (outer.length !== shape.length || (inner !== undefined && inner.length !== shape.length))
    throw malformed(uri, "its chunks have other dimensions than the array");
  const type = named(array["data_type"], uri, "the data type");
  const facts: ArrayFacts = {
    shape,
    chunkShape: inner ?? outer,
    shardShape: inner === undefined ? undefined : outer,
    dataType: type.name,
    codecs: (sharding === undefined ? codecs : codecList(sharding.configuration["codecs"], uri)).map(codecName),
    dimensionNames: namesOf(array["dimension_names"], shape.length),
  };
  return measured(facts, itemBytes(type));
}

interface Named {
  readonly name: string;
  readonly configuration: Fields;
}

/** A name alone, or with a configuration. */
function named(value: unknown, uri: string, what: string): Named {
  if (typeof value === "string") return { name: value, configuration: {} };
  const { name, configuration = {} } = fieldsOf(value, uri, what);
  if (typeof name !== "string") throw malformed(uri, `${what} has no name`);
  return { name, configuration: fieldsOf(configuration, uri, `the configuration of ${what}`) };
}

function codecList(value: unknown, uri: string): readonly Named[] {
  if (!Array.isArray(value)) throw malformed(uri, "its codecs are no list");
  return value.map((codec) => named(codec, uri, "a codec"));
}

function codecName({ name, configuration: { cname } }: Named): string {
  return typeof cname === "string" ? `${name}(${cname})` : name;
}

/** `undefined` for texts and bytes of any length, and for types that are not known here. */
function itemBytes({ name, configuration }: Named): number | undefined {
  if (name === "bool" || /^float8_/.test(name)) return 1;
  if (name === "bfloat16") return 2;
  const [, parts, bits] = /^(u?int|float|complex|r|numpy\.datetime|numpy\.timedelta)(\d+)$/.exec(name) ?? [];
  // types of less than a byte take one
  if (parts !== undefined) return Math.max(1, Number(bits) / 8);
  const { length_bytes, fields } = configuration;
  if (Number.isSafeInteger(length_bytes)) return length_bytes as number;
  if (!Array.isArray(fields)) return undefined;
  let sum = 0;
  for (const field of fields) {
    const one = fieldBytes(field);
    if (one === undefined) return undefined;
    sum += one;
  }
  return sum;
}

/** A field of a structure is a pair, or an object with a name and a type. */
function fieldBytes(field: unknown): number | undefined {
  const type = Array.isArray(field) ? field[1] : (field as Fields | null)?.["data_type"];
  if (typeof type === "string") return itemBytes({ name: type, configuration: {} });
  const { name, configuration } = (type ?? {}) as Partial<Named>;
  return typeof name === "string" ? itemBytes({ name, configuration: configuration ?? {} }) : undefined;
}

function namesOf(value: unknown, dimensions: number): readonly (string | null)[] | undefined {
  const isName = (name: unknown) => name === null || typeof name === "string";
  const fits = Array.isArray(value) && value.length === dimensions && value.every(isName);
  return fits && value.some((name) => name !== null) ? value : undefined;
}
