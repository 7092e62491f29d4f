/** The pictures there are. */
import type { PlotKind } from "./types.ts";

export const plotKinds: readonly PlotKind[] = ["bubble", "predictors", "trend"];
