/** The options of the configuration that name a checksum, and what is said where one is not known. */
import { digestNamed, digestNames } from "../digest.ts";
import type { NetSettings } from "../settings.ts";

export const digestOptions = {
  verifyAlg: "verify-alg",
  csumsAlg: "csums-alg",
  dataIntegrityAlg: "data-integrity-alg",
} as const;

/** A sentence about the first one that is not known here; undefined when all are, or are not set. */
export function unknownAlgorithm(net: Partial<NetSettings>): string | undefined {
  for (const [field, option] of Object.entries(digestOptions)) {
    const name = net[field as keyof typeof digestOptions] ?? "";
    if (name !== "" && digestNamed(name) === undefined) {
      return `${option} "${name}" is not known; there are ${digestNames.join(", ")}`;
    }
  }
  return undefined;
}
