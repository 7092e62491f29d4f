/** What a look at an output shows, as the API says it and the page draws it. */
export type Preview =
  | {
      readonly kind: "table";
      readonly columns: readonly { readonly name: string; readonly type: string }[];
      readonly rows: readonly (readonly (string | null)[])[];
      readonly isWhole: boolean;
    }
  | ({ readonly kind: "text"; readonly text: string; readonly isWhole: boolean } & TableNeed)
  | { readonly kind: "image" }
  | ({ readonly kind: "none"; readonly reason: string } & TableNeed);

/** The package that would show it as a table, where the server lacks it. */
export interface TableNeed {
  readonly needs?: string;
}
