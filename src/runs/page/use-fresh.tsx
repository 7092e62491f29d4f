/** Something looked at now, again when it has changed, and every few seconds while somebody sees the page. */
import { useContext, useEffect } from "preact/hooks";
import { Say } from "./notice.tsx";

const everyMs = 4_000;

export function useFresh(load: () => Promise<void>, changes: number): void {
  const say = useContext(Say);
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      if (document.visibilityState === "visible")
        await load().catch((error: Error) => {
          if (!isOver) say({ text: error.message, isError: true });
        });
      if (!isOver) timer = setTimeout(look, everyMs);
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [load, changes, say]);
}
