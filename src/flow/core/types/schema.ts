/** Standard Schema, the interface that zod, valibot, arktype and others have in common, as far as a flow asks for it. */

export interface StandardSchema<In = unknown, Result = In> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Result> | Promise<SchemaResult<Result>>;
    readonly types?: { readonly input: In; readonly output: Result } | undefined;
  };
}

export type SchemaResult<Result> =
  | { readonly value: Result; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a value is after the schema has passed it. */
export type SchemaOutput<S> = S extends StandardSchema<infer _In, infer Result> ? Result : never;

/** What a schema takes. */
export type SchemaInput<S> = S extends StandardSchema<infer In, infer _Result> ? In : never;
