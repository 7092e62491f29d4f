/** What there is besides runs: models with their versions, and what local copies take. */
import { useCallback, useState } from "preact/hooks";
import type { Model } from "../store/records.ts";
import { address, ask } from "./ask.tsx";
import type { Session } from "./session.tsx";
import { formatCount, formatSize, Time } from "./shown.tsx";
import { useFresh } from "./use-fresh.tsx";

interface Cache {
  readonly isEnabled: boolean;
  readonly objects: number;
  readonly sizeBytes: number;
}

export function ServerFacts({ session, changes }: { readonly session: Session; readonly changes: number }) {
  const [models, setModels] = useState<readonly Model[]>();
  const [cache, setCache] = useState<Cache>();
  const load = useCallback(async () => {
    setModels(await ask<readonly Model[]>("GET", address(["models"])));
    // who may see some models only is not told of the rest
    if (session.models === undefined) setCache(await ask<Cache>("GET", address(["cache"])));
  }, [session]);
  useFresh(load, changes);
  return (
    <section class="detail" aria-labelledby="facts-title">
      <h2 id="facts-title">Models</h2>
      {models?.length === 0 && (
        <p class="dim">
          There is no model yet: <code>entrepot runs model add</code>
        </p>
      )}
      {models !== undefined && models.length > 0 && (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Model</th>
                <th scope="col">Version</th>
                <th scope="col" class="number">
                  Runs
                </th>
                <th scope="col">Since</th>
              </tr>
            </thead>
            <tbody>
              {models.map(({ name, description, version, runs, createdMs }) => (
                <tr key={name}>
                  <th scope="row">
                    {name}
                    {description !== "" && <span class="dim under">{description}</span>}
                  </th>
                  <td>{version ?? <span class="dim">none</span>}</td>
                  <td class="number">{runs}</td>
                  <td>
                    <Time ms={createdMs} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {cache !== undefined && (
        <>
          <h2>Local copies</h2>
          <p>
            {cache.isEnabled
              ? `${formatCount(cache.objects, "object")}, ${formatSize(cache.sizeBytes)} on the disk of the server`
              : "The cache is switched off."}
          </p>
        </>
      )}
    </section>
  );
}
