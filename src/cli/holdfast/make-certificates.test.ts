import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { makeCertificates } from "./make-certificates.ts";

test("one CA for the cluster, a certificate for each node; what is there is kept when a node is added", async () => {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-tls-"));
  const read = (file: string): X509Certificate =>
    new X509Certificate(readFileSync(path.join(directory, file)));
  try {
    const first = await makeCertificates(directory, ["xen1", "xen2"]);
    assert.equal(first.length, 6);
    const [ca, before] = [read("ca.pem"), read("xen1.pem")];
    const added = await makeCertificates(directory, ["xen1", "xen3"]);
    assert.deepEqual(
      added.map((file) => path.basename(file)),
      ["xen3.pem", "xen3.key"],
    );
    assert.equal(read("xen1.pem").fingerprint256, before.fingerprint256);
    for (const node of ["xen1", "xen2", "xen3"]) {
      const certificate = read(`${node}.pem`);
      assert.deepEqual([certificate.subject, certificate.ca], [`CN=${node}`, false]);
      assert.ok(certificate.verify(ca.publicKey), `${node}'s is signed by the CA`);
      assert.equal(statSync(path.join(directory, `${node}.key`)).mode & 0o777, 0o600);
    }
    assert.equal(statSync(path.join(directory, "ca.key")).mode & 0o777, 0o600);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
