/** The options of `net` as typed values. */
import type { Report } from "../config-text/report.ts";
import type { DrbdOption } from "./drbd-conf.ts";
import { findOption } from "./merge-options.ts";
import { optionValues } from "./option-values.ts";
import {
  afterSb0priPolicies,
  afterSb1priPolicies,
  afterSb2priPolicies,
  onCongestionPolicies,
  protocols,
  rrConflictPolicies,
} from "./option-words.ts";
import type { DrbdNetConfig } from "./resource-config.ts";

const tenthMs = 100;
const secondMs = 1000;

/** The kernel's buffer has 64 bytes, one of them for the end. */
const sharedSecretCharactersMax = 63;

export function netConfig(options: readonly DrbdOption[], report: Report): DrbdNetConfig {
  const values = optionValues("net", options, report);
  checkSecret(options, report);
  return {
    protocol: values.word("protocol", protocols),
    timeoutMs: values.number("timeout") * tenthMs,
    connectIntMs: values.number("connect-int") * secondMs,
    pingIntMs: values.number("ping-int") * secondMs,
    pingTimeoutMs: values.number("ping-timeout") * tenthMs,
    koCount: values.number("ko-count"),
    maxBuffersPages: values.number("max-buffers"),
    maxEpochSize: values.number("max-epoch-size"),
    unplugWatermark: values.number("unplug-watermark"),
    sndbufSizeBytes: values.number("sndbuf-size"),
    rcvbufSizeBytes: values.number("rcvbuf-size"),
    socketCheckTimeoutMs: values.number("socket-check-timeout") * tenthMs,
    allowTwoPrimaries: values.flag("allow-two-primaries"),
    alwaysAsbp: values.flag("always-asbp"),
    csumsAfterCrashOnly: values.flag("csums-after-crash-only"),
    tcpCork: values.flag("tcp-cork"),
    useRle: values.flag("use-rle"),
    cramHmacAlg: values.text("cram-hmac-alg"),
    sharedSecret: values.text("shared-secret"),
    dataIntegrityAlg: values.text("data-integrity-alg"),
    verifyAlg: values.text("verify-alg"),
    csumsAlg: values.text("csums-alg"),
    afterSb0pri: values.word("after-sb-0pri", afterSb0priPolicies),
    afterSb1pri: values.word("after-sb-1pri", afterSb1priPolicies),
    afterSb2pri: values.word("after-sb-2pri", afterSb2priPolicies),
    rrConflict: values.word("rr-conflict", rrConflictPolicies),
    onCongestion: values.word("on-congestion", onCongestionPolicies),
    congestionFillSectors: values.number("congestion-fill"),
    congestionExtents: values.number("congestion-extents"),
    tls: values.flag("tls"),
  };
}

function checkSecret(options: readonly DrbdOption[], report: Report): void {
  const secret = findOption(options, "shared-secret");
  const algorithm = findOption(options, "cram-hmac-alg");
  if (secret !== undefined && secret.value.length > sharedSecretCharactersMax) {
    report.error("HF1052", {
      place: secret.place,
      message: `shared-secret has ${secret.value.length} characters; expected at most ${sharedSecretCharactersMax}`,
      remedy: "Shorten it, on both hosts.",
    });
  }
  if (secret !== undefined && algorithm === undefined) {
    report.warning("HF1062", {
      place: secret.place,
      message: "shared-secret has no effect without cram-hmac-alg: peers do not prove who they are",
      remedy: "Add: cram-hmac-alg sha1;",
    });
  }
  if (algorithm !== undefined && secret === undefined) {
    report.warning("HF1062", {
      place: algorithm.place,
      message: "cram-hmac-alg proves nothing without shared-secret",
      remedy: "Add a shared-secret, the same on both hosts.",
    });
  }
}
