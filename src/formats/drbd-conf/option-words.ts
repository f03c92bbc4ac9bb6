/** The values of options that are one of several words, the default first. */

export const protocols = ["C", "A", "B"] as const;
export type DrbdProtocol = (typeof protocols)[number];

/** `discard-node-HOST` is resolved to discard-local or discard-remote. */
export const afterSb0priPolicies = [
  "disconnect",
  "discard-younger-primary",
  "discard-older-primary",
  "discard-zero-changes",
  "discard-least-changes",
  "discard-local",
  "discard-remote",
] as const;
export type DrbdAfterSb0pri = (typeof afterSb0priPolicies)[number];

export const afterSb1priPolicies = [
  "disconnect",
  "consensus",
  "violently-as0p",
  "discard-secondary",
  "call-pri-lost-after-sb",
] as const;
export type DrbdAfterSb1pri = (typeof afterSb1priPolicies)[number];

export const afterSb2priPolicies = [
  "disconnect",
  "violently-as0p",
  "call-pri-lost-after-sb",
] as const;
export type DrbdAfterSb2pri = (typeof afterSb2priPolicies)[number];

export const rrConflictPolicies = ["disconnect", "violently", "call-pri-lost"] as const;
export type DrbdRrConflict = (typeof rrConflictPolicies)[number];

export const onCongestionPolicies = ["block", "pull-ahead", "disconnect"] as const;
export type DrbdOnCongestion = (typeof onCongestionPolicies)[number];

export const onIoErrorPolicies = ["detach", "pass_on", "call-local-io-error"] as const;
export type DrbdOnIoError = (typeof onIoErrorPolicies)[number];

export const fencingPolicies = ["dont-care", "resource-only", "resource-and-stonith"] as const;
export type DrbdFencing = (typeof fencingPolicies)[number];

export const readBalancings = [
  "prefer-local",
  "prefer-remote",
  "round-robin",
  "least-pending",
  "when-congested-remote",
  "32K-striping",
  "64K-striping",
  "128K-striping",
  "256K-striping",
  "512K-striping",
  "1M-striping",
] as const;
export type DrbdReadBalancing = (typeof readBalancings)[number];

export const onNoDataPolicies = ["io-error", "suspend-io"] as const;
export type DrbdOnNoData = (typeof onNoDataPolicies)[number];
