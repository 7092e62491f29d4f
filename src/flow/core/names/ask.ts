/** One name that a function asks for. */
export interface Ask {
  readonly name: string;
  /** Whether the function has a default for it. */
  readonly optional: boolean;
}

/** What a function asks for cannot be read from its text. */
export function unreadable(fn: (...args: never[]) => unknown, why: string): TypeError {
  return new TypeError(`${quoted(fn)} ${why}`);
}

export const sayNames = 'say what it asks for: node(["a", "b"], fn)';

function quoted(fn: (...args: never[]) => unknown): string {
  return fn.name === "" ? "a function without a name" : `'${fn.name}'`;
}
