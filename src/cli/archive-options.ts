/** What the commands about archives have in common. */
import type { ArchiveFormat } from "../depot/index.ts";
import { choice, type ValueOption } from "./option.ts";

const formats = ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst"] as const satisfies readonly ArchiveFormat[];

export const formatOption: ValueOption<ArchiveFormat> = choice(formats, "what the archive is (by its suffix)");

export const existingOption: ValueOption<"merge" | "replace"> = choice(
  ["merge", "replace"],
  "beside and over what the folder holds, or in its place",
);
