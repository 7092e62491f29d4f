/** One signal that fires with either. */
export function joinSignals(inherited: AbortSignal | undefined, own: AbortSignal | undefined): AbortSignal | undefined {
  return inherited !== undefined && own !== undefined ? AbortSignal.any([inherited, own]) : (own ?? inherited);
}
