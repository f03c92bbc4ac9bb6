/**
 * Digests of an operation's parameters, kept with its result: when the configured parameters give another digest,
 * the resource is restarted or reloaded. The rule is Pacemaker's, so that digests recorded there compare: MD5 of
 * one blank, the element <parameters> with its attributes in the order of their names, and a newline.
 */
import { md5 } from "@noble/hashes/legacy.js";
import { toHex } from "../../base/bytes.ts";
import { compareText } from "../../base/compare.ts";
import { encodeUtf8 } from "../../base/utf8.ts";
import { element } from "../xml/xml-element.ts";
import { digestText } from "./digest-text.ts";

export type Parameters = Readonly<Record<string, string>>;

/** The digest of no parameters at all. */
export const emptyParametersDigest = "f2317cad3d54cec5d7d7aa7d0bf35cf8";

/** What agents are given beside the parameters that were configured. */
export const notParameters: ReadonlySet<string> = new Set([
  "id",
  "crm_feature_set",
  "op-digest",
  "on_node",
  "on_node_uuid",
  "pcmk_external_ip",
]);

/**
 * @param parameters the resource's instance attributes, then the operation's own; may hold CRM_meta_*, of which only
 *   a recurring operation's CRM_meta_timeout counts.
 */
export function parametersDigest(parameters: Parameters, intervalMs: number): string {
  return digestOf(
    Object.entries(parameters).filter(
      ([name]) => isParameter(name) || (intervalMs > 0 && name === "CRM_meta_timeout"),
    ),
  );
}

/** The digest of the named parameters only (op-restart-digest: those whose change needs a restart). */
export function restartDigest(parameters: Parameters, names: readonly string[]): string {
  return digestOf(Object.entries(parameters).filter(([name]) => names.includes(name)));
}

/** The digest without the named, private parameters (op-secure-digest). */
export function secureDigest(parameters: Parameters, privateNames: readonly string[]): string {
  return digestOf(
    Object.entries(parameters).filter(
      ([name]) => isParameter(name) && !privateNames.includes(name),
    ),
  );
}

function isParameter(name: string): boolean {
  return !name.startsWith("CRM_meta_") && !notParameters.has(name);
}

/** Of all that is given, in whatever order. */
export function digestOf(parameters: readonly (readonly [string, string])[]): string {
  const sorted = [...parameters].sort((a, b) => compareText(a[0], b[0]));
  const text = digestText(element("parameters", Object.fromEntries(sorted)));
  return toHex(md5(encodeUtf8(` ${text}\n`)));
}
