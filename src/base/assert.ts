/**
 * Assertions: always on, one condition each. A failed assertion is a bug of ours, never the world's;
 * in a stateful machine it stops the node (fail-stop), and nobody catches it to go on.
 */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Ends an exhaustive switch: the compiler proves that `value` cannot exist. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${JSON.stringify(value)}`);
}

/** The value, asserted to be there. `what` names it in the message. */
export function present<T>(value: T | undefined | null, what: string): T {
  assert(value !== undefined && value !== null, `${what} is missing`);
  return value;
}
