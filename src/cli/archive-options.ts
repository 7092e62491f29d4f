/** What the commands about archives have in common. */
import { type ArchiveFormat, parseByteSize } from "../depot/index.ts";
import { choice, count, parsed, type ValueOption } from "./option.ts";

const formats = ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst"] as const satisfies readonly ArchiveFormat[];

export const formatOption: ValueOption<ArchiveFormat> = choice(formats, "what the archive is (by its suffix)");

export const existingOption: ValueOption<"merge" | "replace"> = choice(
  ["merge", "replace"],
  "beside and over what the folder holds, or in its place",
);

/** What a small hostile archive may become. */
export const expandingOptions: {
  readonly "max-bytes": ValueOption<number>;
  readonly "max-ratio": ValueOption<number>;
} = {
  "max-bytes": parsed("SIZE", "nothing if its files hold more, e.g. 20GB", parseByteSize),
  "max-ratio": count("COUNT", "nothing if it expands more than so many times (1000)", undefined, 1),
};
