/** Who this node is under TLS, and whom it trusts: three PEM files, read when a disk server starts. */
import { readFileSync, statSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { UserError } from "../../api/user-error.ts";
import { checkKeyFileMode } from "../../formats/authkeys/key-file-mode.ts";
import { tlsPaths } from "../../host/paths/tls-paths.ts";
import type { TlsIdentity } from "../../host/stream/peer-tls.ts";

const remedy =
  "Make the cluster's certificates once with `holdfast certificates NODE NODE`, and copy to each node its own.";

/** @throws UserError HF2160 when a file is missing, kept badly or not what it should be. */
export function readTlsIdentity(node: string): TlsIdentity {
  const files = tlsPaths(node);
  const identity = { ca: read(files.ca), cert: read(files.certificate), key: read(files.key) };
  const bad = checkKeyFileMode(files.key, statSync(files.key).mode);
  if (bad !== undefined)
    throw new UserError("HF2160", `${files.key}: ${bad.message}`, { remedy: bad.remedy });
  try {
    createSecureContext(identity);
    return identity;
  } catch (error) {
    const { message } = error as Error;
    throw new UserError("HF2160", `${files.certificate} and its key cannot be used: ${message}`, {
      ...{ remedy, cause: error },
    });
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = `drbd.conf says \`tls yes\`, and ${file} cannot be read: ${code}`;
    throw new UserError("HF2160", message, { remedy, cause: error });
  }
}
