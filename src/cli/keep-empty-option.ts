/** The option of what becomes of folders of this machine that lose their last file. */
import { type Flag, flag } from "./option.ts";

export const keepEmptyFlag: Flag = flag("leave folders of this machine that lose their last file");
