/** What a failed request is called in NBD, and in words. */
import { nbdError } from "../../formats/nbd/nbd-constants.ts";
import type { NbdIoError } from "./types.ts";

export function errorOf(error: NbdIoError): number {
  switch (error) {
    case "invalid":
      return nbdError.EINVAL;
    case "not-primary":
      return nbdError.EPERM;
    case "no-data":
    case "io-error":
      return nbdError.EIO;
    case "no-space":
      return nbdError.ENOSPC;
  }
}

export function messageOf(error: NbdIoError): string {
  switch (error) {
    case "invalid":
      return "the request is outside the volume or not aligned to 512 bytes";
    case "not-primary":
      return "this node is Secondary: its volumes are not served";
    case "no-data":
      return "no UpToDate copy of the data can be reached";
    case "io-error":
      return "the disk failed";
    case "no-space":
      return "the backing device is full";
  }
}
