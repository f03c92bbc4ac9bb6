/** Two disk servers whose connection is under TLS, and whoever has no business there. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { test } from "node:test";
import tls from "node:tls";
import { makeCertificates } from "../../src/cli/holdfast/make-certificates.ts";
import { bringUp, isInSync, type PairNode, type ServerPair, withPair } from "./server-pair.ts";

const withTls = { sizeBytes: 16 * 1024 * 1024, more: "net { tls yes; } disk { c-max-rate 1G; }" };

test("with certificates of one CA two nodes replicate, and either may be Primary", async () => {
  await withPair(async (pair) => {
    await givenCertificates(pair);
    await bringUp(pair);
    const { one, two } = pair;
    execFileSync("qemu-io", ["-f", "raw", "-c", "write -P 0x5a 1M 3M", one.uri()]);
    await one.ask("secondary");
    await two.ask("primary");
    execFileSync("qemu-io", ["-f", "raw", "-c", "read -P 0x5a 1M 3M", two.uri()]);
    assert.ok(isInSync(await two.status()));
  }, withTls);
});

test("a plain connection, one without a certificate and one of another node are told and get no further", async () => {
  await withPair(async (pair) => {
    await givenCertificates(pair);
    const { one, two } = pair;
    await one.up();
    const shown = await greeting(one, path.join(two.run, "two"));
    assert.deepEqual(shown, { protocol: "TLSv1.3", name: "one" });
    await plainGreeting(one);
    await said(one, /does not speak TLS/);
    await greeting(one);
    await said(one, /not of this cluster's CA/);
    // The host's own certificate is a good one, but not the peer's.
    await greeting(one, path.join(one.run, "one"));
    await said(one, /its certificate is for "one", not for two/);
    assert.equal((await one.status()).connection.state, "WFConnection");
    await two.up();
    await one.until((status) => status.connection.state === "Connected");
  }, withTls);
});

test("a node without its certificate does not serve, and says what to do", async () => {
  await withPair(async (pair) => {
    await givenCertificates(pair);
    rmSync(path.join(pair.one.run, "one.key"));
    await assert.rejects(pair.one.start(), /HF2160.*holdfast certificates/s);
  }, withTls);
});

async function givenCertificates({ one, two, directory }: ServerPair): Promise<void> {
  const made = path.join(directory, "tls");
  await makeCertificates(made, ["one", "two"]);
  for (const [node, name] of [[one, "one"] as const, [two, "two"] as const]) {
    for (const file of ["ca.pem", `${name}.pem`, `${name}.key`])
      copyFileSync(path.join(made, file), path.join(node.run, file));
  }
}

type Shown = { readonly protocol: string | null; readonly name: unknown };

/** Connects under TLS with the certificate of that path and its key, if any, says nothing and goes. */
function greeting(node: PairNode, identity?: string): Promise<Shown> {
  const own = identity !== undefined && {
    cert: readFileSync(`${identity}.pem`),
    key: readFileSync(`${identity}.key`),
  };
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      ...{ host: "127.0.0.1", port: node.port, rejectUnauthorized: false },
      ...own,
    });
    socket.on("error", reject);
    socket.once("secureConnect", () => {
      const { subject } = socket.getPeerCertificate();
      resolve({ protocol: socket.getProtocol(), name: subject.CN });
      socket.end();
    });
  });
}

/** Speaks as a peer without TLS does. Resolves when the node has closed the connection. */
function plainGreeting(node: PairNode): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect(node.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.once("close", () => resolve());
    socket.resume();
    // The first packet of DRBD: header80, P_INITIAL_DATA.
    socket.write(Buffer.from("83740267fff20000", "hex"));
  });
}

/** Its log has it, at the latest when what was done before has come through. */
async function said(node: PairNode, pattern: RegExp): Promise<void> {
  const isSaid = (): boolean => pattern.test(node.log());
  while (!isSaid()) await new Promise((resolve) => setTimeout(resolve, 20));
}
