/** A backing device for the offline work on its metadata: opened for one owner, so that no disk server uses it meanwhile. */
import fs from "node:fs";
import { UserError } from "../../api/user-error.ts";
import { assert } from "../../base/assert.ts";
import type { MetadataDevice } from "../../core/replication/offline/metadata-device.ts";
import { type OpenDevice, openDevice } from "../../host/store/open-device.ts";

export type OpenMetadata = MetadataDevice & { close(): void };

/** drbdmeta's own, for a device that it cannot open. */
const exitCannotOpen = 20;

/** @throws UserError HF2141 when it cannot be opened, or another process uses it. */
export function openMetadata(path: string): OpenMetadata {
  const opened = openDevice(path);
  if (!opened.ok) {
    const { code, message } = opened.error;
    throw new UserError("HF2141", message, {
      exit: exitCannotOpen,
      remedy:
        code === "EBUSY"
          ? "If its resource is up: `drbdadm down RESOURCE` first. Else see who uses it: `fuser -v`."
          : `Is ${path} the right path? It is \`disk\` in drbd.conf.`,
    });
  }
  const { fd } = opened.value;
  return { ...metadataDevice(opened.value), close: () => fs.closeSync(fd) };
}

/** Waits for the disk: for the time when nobody else does. */
export function metadataDevice({ fd, sizeBytes }: OpenDevice): MetadataDevice {
  return {
    sizeBytes,
    read: (offset, length) => {
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const count = fs.readSync(fd, bytes, done, length - done, offset + done);
        assert(count > 0, "what is read lies within the device");
        done += count;
      }
      return bytes;
    },
    write: (offset, bytes) => {
      // Safety: a file would grow, and its metadata would not be at its end any more.
      assert(offset >= 0 && offset + bytes.length <= sizeBytes, "writes stay within the device");
      for (let done = 0; done < bytes.length; )
        done += fs.writeSync(fd, bytes, done, bytes.length - done, offset + done);
    },
    flush: () => fs.fsyncSync(fd),
  };
}
