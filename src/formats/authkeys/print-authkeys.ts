/** AuthKeys -> text: what a new file is made of. */
import { assert } from "../../base/assert.ts";
import type { AuthMethod } from "./authkeys.ts";

export type AuthKeyLine = {
  readonly number: number;
  readonly method: AuthMethod;
  readonly secret: string;
};

/** @throws AssertionError when a secret is empty where there must be one, or has blanks: our own caller made it. */
export function printAuthKeys(signing: number, keys: readonly AuthKeyLine[]): string {
  assert(
    keys.some((key) => key.number === signing),
    "the signing key is one of the keys",
  );
  const lines = keys.map(({ number, method, secret }) => {
    if (method === "crc") return `${number} crc`;
    assert(/^\S+$/.test(secret), "a secret is one word");
    return `${number} ${method} ${secret}`;
  });
  return [`auth ${signing}`, ...lines, ""].join("\n");
}
