/**
 * The address of a guest's network interface where its domain file gives none: made from the guest's name and the
 * interface's number, so that both hosts give it the same one and a guest keeps it wherever it starts. Xen's
 * vendor prefix 00:16:3e, the next bit zero, as xl does (xl-network-configuration(5), "mac").
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../../base/bytes.ts";
import { encodeUtf8 } from "../../base/utf8.ts";

export function macAddress(guestName: string, nicNumber: number): string {
  const digest = sha256(encodeUtf8(`holdfast-mac ${guestName} ${nicNumber}`));
  const own = digest.slice(0, 3).map((byte, i) => (i === 0 ? byte & 0x7f : byte));
  return `00:16:3e:${toHex(own).replace(/(..)(?=.)/g, "$1:")}`;
}
