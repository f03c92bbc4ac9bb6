/** Where a node has its certificate. HOLDFAST_TLS_DIR moves it, so that several nodes fit on one machine, as in tests. */
import path from "node:path";

export function tlsDirectory(): string {
  return process.env["HOLDFAST_TLS_DIR"] ?? "/etc/holdfast/tls";
}

/** PEM files: whom the cluster trusts, and who this node is. */
export type TlsPaths = { readonly ca: string; readonly certificate: string; readonly key: string };

export function tlsPaths(node: string, directory: string = tlsDirectory()): TlsPaths {
  return {
    ca: path.join(directory, "ca.pem"),
    certificate: path.join(directory, `${node}.pem`),
    key: path.join(directory, `${node}.key`),
  };
}
