/** The page: who is signed in, and which run the address names. */
import { render } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { address, ask, signedOut } from "./ask.tsx";
import { type Notice, NoticeBar, Say } from "./notice.tsx";
import { RunList } from "./run-list.tsx";
import { RunView } from "./run-view.tsx";
import { ServerFacts } from "./server-facts.tsx";
import { beginSession, isSignInLink, type Session } from "./session.tsx";
import { SignIn } from "./sign-in.tsx";

/** Of a notice that something went well. */
const shownMs = 8_000;

/** `#/runs/ID`. */
function runOfAddress(): string | undefined {
  return /^#\/runs\/([0-9a-z]+)$/.exec(location.hash)?.[1];
}

function Page() {
  const [session, setSession] = useState<Session>();
  const [runId, setRunId] = useState(runOfAddress);
  const [notice, setNotice] = useState<Notice & { readonly runId: string | undefined }>();
  const say = useCallback((said: Notice | undefined) => setNotice(said && { ...said, runId: runOfAddress() }), []);
  /** Grows with each change that lists show. */
  const [changes, setChanges] = useState(0);
  const onChange = useCallback(() => setChanges((count) => count + 1), []);
  // what went well need not be sent away
  useEffect(() => {
    if (notice === undefined || notice.isError) return;
    const timer = setTimeout(() => setNotice((now) => (now === notice ? undefined : now)), shownMs);
    return () => clearTimeout(timer);
  }, [notice]);
  const look = useCallback(
    () =>
      ask<Session>("GET", address(["session"])).then(setSession, (error: Error) =>
        say({ text: error.message, isError: true }),
      ),
    [],
  );
  useEffect(() => {
    const onHash = () => {
      // a link that signs in, into a tab that shows the page already
      if (isSignInLink()) void begin().then(onChange);
      const opened = runOfAddress();
      setRunId(opened);
      // what was said of one run is not said of another
      setNotice((now) => (now?.runId === opened ? now : undefined));
    };
    const begin = () => beginSession(say).then(look);
    addEventListener("hashchange", onHash);
    addEventListener(signedOut, look);
    void begin();
    return () => {
      removeEventListener("hashchange", onHash);
      removeEventListener(signedOut, look);
    };
  }, [look, onChange]);
  if (session === undefined)
    return (
      <main class="alone">
        <h1>Runs</h1>
        <NoticeBar notice={notice} onClose={() => say(undefined)} />
        {notice === undefined && <p>Loading…</p>}
      </main>
    );
  const mayRun = !session.isReadOnly && (session.role === "run" || session.role === "admin");
  return (
    <Say.Provider value={say}>
      <header class="bar">
        <h1>
          <a href="#/">Runs</a>
        </h1>
        {session.role !== "none" && (
          <p>
            {session.name} <span class="dim">({session.isReadOnly ? "read only" : session.role})</span>{" "}
            <button type="button" onClick={() => void ask("DELETE", address(["session"])).then(look)}>
              Sign out
            </button>
          </p>
        )}
      </header>
      <NoticeBar notice={notice} onClose={() => say(undefined)} />
      {session.role === "none" ? (
        <SignIn onDone={look} />
      ) : (
        <main class={runId === undefined ? "both" : "both with-run"}>
          <RunList chosen={runId} mayRun={mayRun} changes={changes} />
          {runId === undefined ? (
            <ServerFacts session={session} changes={changes} />
          ) : (
            <RunView key={runId} id={runId} mayRun={mayRun} onChange={onChange} />
          )}
        </main>
      )}
    </Say.Provider>
  );
}

const place = document.getElementById("page");
if (place !== null) render(<Page />, place);
