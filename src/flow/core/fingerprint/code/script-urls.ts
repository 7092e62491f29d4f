/** Where the scripts of this thread came from. A script is never another under its number, so what was told once holds. */

/** Has the inspector tell all scripts that are loaded: it hashes the text of each, which takes 10 ms and more. */
export type TellScripts = (told: (scriptId: string, url: string) => void) => void;

export class ScriptUrls {
  readonly #urls = new Map<string, string>();

  /** `""` for a script that has none. All are asked for when one is not known, which is when more were loaded since. */
  of(scriptId: string, tell: TellScripts): string {
    const known = this.#urls.get(scriptId);
    if (known !== undefined) return known;
    // what is gone has no functions any more that somebody could ask about
    this.#urls.clear();
    tell((each, url) => void this.#urls.set(each, url));
    const url = this.#urls.get(scriptId) ?? "";
    this.#urls.set(scriptId, url);
    return url;
  }
}
