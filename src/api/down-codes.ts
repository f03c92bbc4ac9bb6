/** The catalog's code for each cause that keeps a resource down. */
import type { DownCause } from "../decision/reasons.ts";
import type { ErrorCode } from "./errors.ts";

/** Each cause has a page of its own in the catalog. */
export const downCodes: Readonly<Record<DownCause["kind"], ErrorCode>> = {
  removed: "HF4200",
  disabled: "HF4201",
  "stop-all-resources": "HF4202",
  maintenance: "HF4203",
  unmanaged: "HF4204",
  blocked: "HF4205",
  "no-fence-device": "HF4206",
  "no-quorum": "HF4207",
  "no-node": "HF4208",
  "unfenced-nodes": "HF4209",
  "waits-for": "HF4210",
  "surplus-instance": "HF4211",
  needs: "HF4213",
  ticket: "HF4214",
  other: "HF4212",
};
