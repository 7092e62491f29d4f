/** Values without a type of their own, and what gives them one. */

/** `unknown` less `undefined`: a schema or a cast says what it is. */
export type Json = {} | null;

/** https://standardschema.dev, by shape. */
export interface StandardSchema<In = unknown, Out = In> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => unknown;
    readonly types?: { readonly input: In; readonly output: Out } | undefined;
  };
}
export type SchemaOutput<S> = S extends StandardSchema<infer _In, infer Out> ? Out : Json;
