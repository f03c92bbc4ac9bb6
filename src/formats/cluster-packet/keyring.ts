/**
 * The cluster's keys as packets need them: one of them signs, each of them verifies, so that a key can be
 * changed on one node after the other. Keys are named by their numbers in authkeys.
 */
export type Keyring = {
  /** The number of the key that signs; at most 65535. */
  readonly signingKey: number;
  /** The signature by that key; at most 64 bytes, always of the same length. */
  sign(bytes: Uint8Array): Uint8Array;
  /** Whether that key made this signature; false, too, for a key that is not listed. */
  verify(key: number, bytes: Uint8Array, signature: Uint8Array): boolean;
  /** Whether there is a key of that number. */
  knows(key: number): boolean;
};
