/**
 * TLS 1.3 on a connection between two nodes of a cluster. Both show a certificate of the cluster's own CA, and each
 * accepts only the node that it expects by name: with it, whoever can send packets to the port gets no further.
 */
import type net from "node:net";
import tls from "node:tls";

/** In PEM. */
export type TlsIdentity = { readonly ca: string; readonly cert: string; readonly key: string };

type Done = (secured: tls.TLSSocket) => void;
type Failed = (reason: string) => void;

export class PeerTls {
  readonly #options: TlsIdentity & { readonly minVersion: "TLSv1.3" };
  readonly #peer: string;

  /** @param identity this node's. @param peer the node at the other end. */
  constructor(identity: TlsIdentity, peer: string) {
    this.#options = { ...identity, minVersion: "TLSv1.3" };
    this.#peer = peer;
  }

  /** For the side that connected. Either `done` or `failed` is called, once; what failed is closed. */
  connect(socket: net.Socket, timeoutMs: number, done: Done, failed: Failed): void {
    const secured = tls.connect({
      ...{ ...this.#options, socket },
      // No name of DNS is meant: the certificate is for a node.
      checkServerIdentity: (_host, certificate) => this.#wrongName(certificate),
    });
    const end = once(() => {
      clearTimeout(timer);
      secured.off("error", onError).off("close", onClose);
    });
    const fail = (reason: string): void => {
      if (!end()) return;
      secured.on("error", () => {}).destroy();
      failed(reason);
    };
    const onError = (error: NodeJS.ErrnoException): void => fail(reasonOf(error));
    const onClose = (): void => fail(closedByPeer);
    const timer = setTimeout(() => fail("no answer to the handshake"), timeoutMs);
    secured.on("error", onError).on("close", onClose);
    secured.once("secureConnect", () => {
      if (end()) done(secured);
    });
  }

  /** For the side that listened. */
  accept(socket: net.Socket, timeoutMs: number, done: Done, failed: Failed): void {
    // A server that never listens: Node.js judges a client's certificate only in one.
    const server = tls.createServer({
      ...{ ...this.#options, handshakeTimeout: timeoutMs },
      ...{ requestCert: true, rejectUnauthorized: false },
    });
    const end = once(() => socket.off("close", onClose));
    const fail = (reason: string): void => {
      if (!end()) return;
      socket.destroy();
      failed(reason);
    };
    const onClose = (): void => fail(closedByPeer);
    socket.on("close", onClose);
    server.on("tlsClientError", (error) => fail(reasonOf(error)));
    server.on("secureConnection", (secured) => {
      const refusal = this.#refusal(secured);
      if (refusal !== undefined) {
        secured.on("error", () => {});
        fail(refusal);
      } else if (end()) done(secured);
    });
    server.emit("connection", socket);
  }

  #refusal(secured: tls.TLSSocket): string | undefined {
    if (!secured.authorized) return `${notOfThisCa} (${String(secured.authorizationError)})`;
    return this.#wrongName(secured.getPeerCertificate())?.message;
  }

  #wrongName({ subject }: tls.PeerCertificate): Error | undefined {
    const name: unknown = subject?.CN;
    if (name === this.#peer) return undefined;
    return new Error(`its certificate is for "${String(name)}", not for ${this.#peer}`);
  }
}

/** @returns what does it once, and says whether it was this time. */
function once(run: () => void): () => boolean {
  let isDone = false;
  return () => {
    if (isDone) return false;
    isDone = true;
    run();
    return true;
  };
}

const closedByPeer = "it closed the connection: does it refuse this node's certificate?";
const notOfThisCa = "its certificate is not of this cluster's CA";

/** OpenSSL's words for the two that an administrator meets, in plain ones. */
function reasonOf(error: NodeJS.ErrnoException): string {
  const { code = "", message } = error;
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|RECORD_LAYER/.test(code))
    return "it does not speak TLS: is `tls yes` in its drbd.conf, too?";
  if (/CERT|SELF_SIGNED|ISSUER/.test(code)) return `${notOfThisCa} (${code})`;
  return code === "" ? message : code;
}
