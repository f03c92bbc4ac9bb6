/** NAME=VALUE, as parameters are given on command lines. */
import { usageError } from "./cluster-command.ts";

/** @param what the word is, such as "--option". @throws UserError HF4600 */
export function nameValue(
  word: string,
  what: string,
  command: string,
): [name: string, value: string] {
  const equals = word.indexOf("=");
  if (equals < 1) throw usageError(`${what} is NAME=VALUE, not "${word}"`, command);
  return [word.slice(0, equals), word.slice(equals + 1)];
}
