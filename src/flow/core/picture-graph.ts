/** A dataflow as a picture needs it: plain data, made by the graph and by plans, drawn by picture/. */

export interface PictureNode {
  readonly name: string;
  /** Module that it lies in; inputs have none. */
  readonly group?: string | undefined;
  readonly kind: "function" | "input" | "constant" | "choice" | "each" | "override";
  /** Chosen variant, of all of them. */
  readonly variant?: string | undefined;
  readonly variants?: readonly string[] | undefined;
  /** Whether its results are kept. */
  readonly cached?: boolean | undefined;
  /** In a plan or after a run: what happens to it. Absent in a picture of the whole flow, and for what a request does not need. */
  readonly state?: "run" | "hit" | "given" | "unneeded" | "failed" | undefined;
  /** Whether it was asked for. */
  readonly isOutput?: boolean | undefined;
  /** First sentence of its documentation, tags, times: shown on hover. */
  readonly notes?: readonly string[] | undefined;
}

export interface PictureGraph {
  readonly title?: string | undefined;
  /** In an order where each node comes after what it asks for. */
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly optional?: boolean | undefined }[];
}
