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
  | "HF4007"
  | "HF4008"
  | "HF4009"
  | "HF4010"
  | "HF4011"
  | "HF4012"
  | "HF4013"
  | "HF4014"
  | "HF4015";

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
  /** No such resource. */
  HF4008: 105,
  /** No such node. */
  HF4009: 105,
  /** The resource is where it shall go. */
  HF4010: 108,
  /** Several things match where one is meant. */
  HF4011: 109,
  /** A duration that is none. */
  HF4012: 64,
  /** A move or a ban that does not say from where. */
  HF4013: 64,
  /** Not allowed to this user. */
  HF4014: 4,
  /** It is not so that it could have failed. */
  HF4015: 113,
};

export function refusal(
  code: CibRefusalCode,
  message: string,
  more: { readonly remedy?: string; readonly findings?: readonly SchemaFinding[] } = {},
): CibRefusal {
  return { code, exit: exits[code], message, ...more };
}
