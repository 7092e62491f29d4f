/** A text that is edited; says at once what is wrong with it. */
import type { ComponentChildren } from "preact";
import { asShown, withLineEnds } from "./line-ends.ts";

interface JsonTextProps {
  readonly label: string;
  /** What there is to say about it above the buttons. */
  readonly late: ComponentChildren;
  readonly text: string;
  readonly isBusy: boolean;
  /** What keeps it from being saved. Default: nothing does. */
  readonly mistakeIn?: ((text: string) => string | undefined) | undefined;
  readonly onText: (text: string) => void;
  readonly onSave: () => void;
  readonly onCancel: () => void;
}

export function JsonText({ label, late, text, isBusy, mistakeIn, onText, onSave, onCancel }: JsonTextProps) {
  const shown = asShown(text);
  const mistake = mistakeIn?.(text);
  return (
    <form
      class="editor"
      onSubmit={(event) => {
        event.preventDefault();
        onSave();
      }}
    >
      <label>
        {label}
        <textarea
          class="code"
          rows={Math.min(24, shown.split("\n").length + 1)}
          spellcheck={false}
          value={shown}
          aria-invalid={mistake !== undefined}
          aria-describedby="editor-mistake"
          onInput={({ currentTarget }) => onText(withLineEnds(text, currentTarget.value))}
        />
      </label>
      <p id="editor-mistake" class="mistake" role="status">
        {mistake}
      </p>
      {late}
      <p class="row">
        <button type="submit" class="first" disabled={isBusy || mistake !== undefined}>
          Save
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </p>
    </form>
  );
}
