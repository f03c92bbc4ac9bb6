/**
 * A digest by which nodes see that they hold the same CIB: MD5 of the document on one line, without the attributes
 * that only say who changed it last. The same as `cibadmin --md5-sum-versioned` prints (feature set 3.0.5 and later).
 */
import { md5 } from "@noble/hashes/legacy.js";
import { toHex } from "../../base/bytes.ts";
import { encodeUtf8 } from "../../base/utf8.ts";
import { digestText } from "../../formats/cib/digest-text.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";

const leftOut: ReadonlySet<string> = new Set([
  "crm-debug-origin",
  "cib-last-written",
  "update-origin",
  "update-client",
  "update-user",
]);

export function cibDigest(cib: XmlElement): string {
  return toHex(md5(encodeUtf8(digestText(cib, leftOut))));
}
