/** Asks once more, where it stands, before something is lost. */
import { useEffect, useRef } from "preact/hooks";

interface SureProps {
  /** The id of the button that asked, which is there again after a no: who walks by keys goes on from it. */
  readonly asker: string;
  readonly question: string;
  readonly yes: string;
  /** Default: Keep. */
  readonly no?: string;
  readonly isBusy: boolean;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

export function Sure({ asker, question, yes, no = "Keep", isBusy, onYes, onNo }: SureProps) {
  const keep = useRef<HTMLButtonElement>(null);
  // the button that asked is gone, and Enter once more must not do it
  useEffect(() => keep.current?.focus(), []);
  const leave = () => {
    onNo();
    requestAnimationFrame(() => document.getElementById(asker)?.focus());
  };
  return (
    <span class="row sure">
      <span>{question}</span>
      <button type="button" class="danger" disabled={isBusy} onClick={onYes}>
        {yes}
      </button>
      <button type="button" ref={keep} onClick={leave}>
        {no}
      </button>
    </span>
  );
}
