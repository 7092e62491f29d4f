/** That somebody else was faster: what was typed stays until its author gives it up. */
import { Refused } from "./ask.tsx";

/** Whether it was refused because of what somebody else did meanwhile: changed it (412), or started the run (409). */
export function isOutdated(error: unknown): boolean {
  return error instanceof Refused && error.problem.code === "precondition-failed";
}

export function Outdated({ onReload }: { readonly onReload: () => void }) {
  return (
    <div class="row outdated">
      <p>Somebody else has changed this meanwhile. What you typed is not saved.</p>
      <button type="button" onClick={onReload}>
        Drop mine and reload
      </button>
    </div>
  );
}
