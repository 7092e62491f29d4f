/**
 * Runs a caller's regular expression in linear time (RE2): a pattern out of a config file must not stop a listing.
 * The engine is loaded when a pattern is first used.
 */

/** A function that searches the pattern in a text. TypeError for look-around and back-references, which need backtracking. */
export async function linearMatcher(pattern: RegExp): Promise<(text: string) => boolean> {
  const { RE2JS } = await import("re2js");
  const flags =
    (pattern.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) |
    (pattern.multiline ? RE2JS.MULTILINE : 0) |
    (pattern.dotAll ? RE2JS.DOTALL : 0);
  if (pattern.source.length > 1_000)
    throw new RangeError(`a pattern of ${pattern.source.length} characters; at most 1,000`);
  const compiled = compile();
  return (text) => compiled.matcher(text).find();

  function compile() {
    try {
      return RE2JS.compile(RE2JS.translateRegExp(pattern.source), flags);
    } catch (cause) {
      throw new TypeError(
        `${pattern} cannot be matched in linear time: ${(cause as Error).message}; look-around and back-references are not available here, filter the listing instead`,
        { cause },
      );
    }
  }
}
