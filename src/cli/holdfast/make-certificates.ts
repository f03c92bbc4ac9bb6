/** The certificates of a cluster, made by openssl: a CA of its own, and one for each node, named as the node is. */
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../api/user-error.ts";
import { tlsPaths } from "../../host/paths/tls-paths.ts";

const days = "3650";
const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/**
 * A CA that is there is used, a node's certificate that is there is kept: so a node can be added later.
 * @returns the files that were written. @throws UserError HF2161 when openssl is missing or fails.
 */
export async function makeCertificates(
  directory: string,
  nodes: readonly string[],
): Promise<readonly string[]> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const ca = path.join(directory, "ca.pem");
  const caKey = path.join(directory, "ca.key");
  const written: string[] = [];
  if (!existsSync(ca)) {
    await request(caKey, ca, "Holdfast cluster", [
      ...["-addext", "basicConstraints=critical,CA:TRUE"],
      ...["-addext", "keyUsage=critical,keyCertSign"],
    ]);
    written.push(ca, caKey);
  }
  for (const node of nodes) {
    const { certificate, key } = tlsPaths(node, directory);
    if (existsSync(certificate)) continue;
    await request(key, certificate, node, [
      ...["-CA", ca, "-CAkey", caKey],
      ...["-addext", `subjectAltName=DNS:${node}`],
      ...["-addext", "basicConstraints=critical,CA:FALSE"],
    ]);
    written.push(certificate, key);
  }
  return written;
}

async function request(
  key: string,
  certificate: string,
  name: string,
  more: readonly string[],
): Promise<void> {
  const files = ["-keyout", key, "-out", certificate];
  const subject = ["-subj", `/CN=${name}`];
  await openssl(["req", "-x509", ...newKey, ...files, "-days", days, ...subject, ...more]);
  chmodSync(key, 0o600);
}

function openssl(words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("openssl", words, { stdio: ["ignore", "ignore", "pipe"] });
    let text = "";
    child.stderr.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.once("error", (error) =>
      reject(
        new UserError("HF2161", `openssl does not start: ${error.message}`, {
          remedy: "Install it: apt-get install openssl",
        }),
      ),
    );
    child.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new UserError("HF2161", `openssl req failed: ${text.trim()}`));
    });
  });
}
