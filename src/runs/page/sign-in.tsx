/** Signing in by a token, for whoever has no link. */
import { useState } from "preact/hooks";
import { address, ask } from "./ask.tsx";
import { useWork } from "./notice.tsx";

export function SignIn({ onDone }: { readonly onDone: () => Promise<void> }) {
  const [secret, setSecret] = useState("");
  const { isBusy, act } = useWork();
  return (
    <main class="alone">
      <h2>Sign in</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void act(() => ask("POST", address(["session"]), { secret: secret.trim() }).then(onDone));
        }}
      >
        <label>
          Token
          <input
            type="password"
            autocomplete="off"
            required
            value={secret}
            onInput={({ currentTarget }) => setSecret(currentTarget.value)}
          />
        </label>
        <button type="submit" class="first" disabled={isBusy}>
          Sign in
        </button>
      </form>
      <p class="dim">
        <code>entrepot runs token create</code> makes a token; <code>entrepot runs serve</code> prints a link that signs
        in once.
      </p>
    </main>
  );
}
