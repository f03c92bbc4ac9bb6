/**
 * Heartbeat's authkeys as typed values: numbered keys, one of which signs; all of them verify, so that keys can be
 * exchanged one node after the other. Methods: crc, md5, sha1 as in Heartbeat; sha256 and sha512 besides.
 */
import type { Place } from "../config-text/place.ts";

export const authMethods = ["crc", "md5", "sha1", "sha256", "sha512"] as const;
export type AuthMethod = (typeof authMethods)[number];

export type AuthKey = {
  /** 0 to 15: what a packet names its key by. */
  readonly number: number;
  readonly method: AuthMethod;
  /** Empty for crc. Never printed, logged or put into an error. */
  readonly secret: string;
  readonly place: Place;
};

export type AuthKeys = {
  readonly file: string;
  /** The key of the `auth` line: it signs what is sent. One of `keys`. */
  readonly signing: AuthKey;
  /** All keys, in the order of the file: any of them verifies. */
  readonly keys: readonly AuthKey[];
};

/** Heartbeat's MAXAUTH. */
export const authNumberMax = 15;

export function authKey(keys: AuthKeys, number: number): AuthKey | undefined {
  return keys.keys.find((key) => key.number === number);
}
