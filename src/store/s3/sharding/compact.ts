/** A page that waits for its turn. Keys that were cut out of an answer hold on to the whole of it: here they are cut out of less. */
import type { ListPage, ObjectInfo } from "../../object-store.ts";

export function compact({ objects, folders }: ListPage): ListPage {
  const keys = objects.map(({ key }) => key);
  const all = keys.join("");
  let end = 0;
  return {
    objects: objects.map((info): ObjectInfo => {
      const start = end;
      end += info.key.length;
      return { ...info, key: all.slice(start, end) };
    }),
    folders,
  };
}
