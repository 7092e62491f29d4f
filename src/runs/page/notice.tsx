/** What was done or refused, said where it is seen and read out. */
import { createContext } from "preact";
import { useCallback, useContext, useState } from "preact/hooks";

export interface Notice {
  readonly text: string;
  readonly isError: boolean;
}

export interface Work {
  /** Whether something is under way. */
  readonly isBusy: boolean;
  /** Does it, says what came of it; true where it went well. */
  readonly act: (work: () => Promise<unknown>, done?: string) => Promise<boolean>;
}

export const Say = createContext<(notice: Notice | undefined) => void>(() => undefined);

export function useWork(): Work {
  const say = useContext(Say);
  const [isBusy, setBusy] = useState(false);
  const act = useCallback(
    async (work: () => Promise<unknown>, done?: string) => {
      setBusy(true);
      try {
        await work();
        say(done === undefined ? undefined : { text: done, isError: false });
        return true;
      } catch (error) {
        say({ text: error instanceof Error ? error.message : String(error), isError: true });
        return false;
      } finally {
        setBusy(false);
      }
    },
    [say],
  );
  return { isBusy, act };
}

export function NoticeBar({ notice, onClose }: { readonly notice: Notice | undefined; readonly onClose: () => void }) {
  // both regions are always there: one that appears with its text is not read out
  return (
    <div class="notices">
      <div role="status">{notice !== undefined && !notice.isError && <p class="notice">{notice.text}</p>}</div>
      <div role="alert">
        {notice?.isError === true && (
          <p class="notice error">
            {notice.text}
            <button type="button" class="plain" onClick={onClose} aria-label="Dismiss">
              ×
            </button>
          </p>
        )}
      </div>
    </div>
  );
}
