/** Why a change, or a CIB, was not taken. */
import type { SchemaFinding } from "./schema/finding.ts";

export type CibRefusalCode =
  | "HF4000"
  | "HF4001"
  | "HF4002"
  | "HF4003"
  | "HF4004"
  | "HF4005"
  | "HF4006"
  | "HF4007";

export type CibRefusal = {
  readonly code: CibRefusalCode;
  /** The exit code that cibadmin gives for it. */
  readonly exit: number;
  readonly message: string;
  /** What to do, as a sentence. */
  readonly remedy?: string;
  /** What the schema found, for HF4002. */
  readonly findings?: readonly SchemaFinding[];
};

const exits: Readonly<Record<CibRefusalCode, number>> = {
  /** No such object. */
  HF4000: 105,
  /** The object exists. */
  HF4001: 108,
  /** The result would not be a valid CIB. */
  HF4002: 78,
  /** Older than what is there. */
  HF4003: 103,
  /** Of a newer feature set than ours. */
  HF4004: 76,
  /** A change that makes no sense. */
  HF4005: 70,
  /** Not an XPath expression that we know. */
  HF4006: 105,
  /** A patch that does not fit. */
  HF4007: 65,
};

export function refusal(
  code: CibRefusalCode,
  message: string,
  more: { readonly remedy?: string; readonly findings?: readonly SchemaFinding[] } = {},
): CibRefusal {
  return { code, exit: exits[code], message, ...more };
}
