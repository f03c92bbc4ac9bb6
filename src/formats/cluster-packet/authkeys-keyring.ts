/** The keys of an authkeys file as packets use them: its `auth` key signs, any of them verifies. */
import { type AuthKeys, authKey } from "../authkeys/authkeys.ts";
import { signWith, verifyWith } from "../authkeys/signature.ts";
import type { Keyring } from "./keyring.ts";

export function keyringOf(keys: AuthKeys): Keyring {
  return {
    signingKey: keys.signing.number,
    sign: (bytes) => signWith(keys.signing, bytes),
    verify: (number, bytes, signature) => {
      const key = authKey(keys, number);
      return key !== undefined && verifyWith(key, bytes, signature);
    },
    knows: (number) => authKey(keys, number) !== undefined,
  };
}
