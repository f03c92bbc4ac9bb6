/**
 * All media of one interface and port: one socket, opened when the interface is there and has an address, opened
 * anew when it was away. What does not work is told once, and once when it works again.
 */
import dgram from "node:dgram";
import { lookup } from "node:dns/promises";
import { isIPv4 } from "node:net";
import type { DatagramListener, DatagramTrouble, Medium } from "../../ports/datagrams.ts";
import { type InterfaceAddress, interfaceAddress } from "./interface-address.ts";
import { openInterfaceSocket, type SocketError } from "./interface-socket-fd.ts";

export type InterfaceMedia = {
  readonly interface: string;
  readonly port: number;
  readonly media: readonly Medium[];
};

/** The interface itself is gone, and with it everything that was bound to it. */
const goneCodes: readonly string[] = ["ENODEV", "ENXIO", "EBADF"];

export class InterfaceSocket {
  readonly #of: InterfaceMedia;
  readonly #listener: DatagramListener;
  #socket: dgram.Socket | undefined;
  #targets: readonly string[] = [];
  /** The message that was told last; undefined while all is well. */
  #told: string | undefined;
  /** By target: which of them cannot be sent to. */
  readonly #unsendable = new Map<string, DatagramTrouble>();
  #isOpening = false;
  #isClosed = false;

  constructor(of: InterfaceMedia, listener: DatagramListener) {
    this.#of = of;
    this.#listener = listener;
  }

  /** Opens what can be opened, or looks after what is open. @returns what hinders it; the listener is told, too. */
  async open(): Promise<DatagramTrouble | undefined> {
    if (this.#isOpening || this.#isClosed) return undefined;
    this.#isOpening = true;
    try {
      const trouble = (await this.#open()) ?? [...this.#unsendable.values()][0];
      if (!this.#isClosed) this.#tell(trouble);
      return trouble;
    } finally {
      this.#isOpening = false;
    }
  }

  send(bytes: Uint8Array): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    for (const target of this.#targets) {
      socket.send(bytes, this.#of.port, target, (error) => this.#onSent(socket, target, error));
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket !== undefined) await new Promise<void>((resolve) => socket.close(() => resolve()));
  }

  async #open(): Promise<DatagramTrouble | undefined> {
    const at = interfaceAddress(this.#of.interface);
    if (at === undefined) {
      this.#drop();
      return {
        code: "HF3041",
        message: `interface ${this.#of.interface} is not there, is down or has no IPv4 address`,
        remedy: "`ip -4 address` lists those that are. It is tried again every second.",
      };
    }
    const targets: string[] = [];
    for (const medium of this.#of.media) {
      const target = await targetOf(medium, at);
      if (target === undefined) return noTarget(medium);
      targets.push(target);
    }
    this.#targets = targets;
    return this.#socket === undefined && !this.#isClosed ? this.#bind(at) : undefined;
  }

  async #bind(at: InterfaceAddress): Promise<DatagramTrouble | undefined> {
    const opened = openInterfaceSocket(this.#of.interface, this.#of.port);
    if ("error" in opened) return openTrouble(this.#of, opened.error);
    // Addresses only, resolved already: no lookup, and so no turn of the loop, on the way of a heartbeat.
    const socket = dgram.createSocket({
      type: "udp4",
      lookup: (host, _options, done) => done(null, host, 4),
    });
    socket.on("error", (error) => this.#onSent(socket, this.#of.interface, error));
    socket.on("message", (bytes, from) => {
      this.#listener.datagram(this.#of.interface, from.address, bytes);
    });
    await new Promise<void>((resolve) => {
      socket.once("listening", resolve);
      socket.bind({ fd: opened.fd, exclusive: true });
    });
    this.#joinGroups(socket, at);
    if (this.#isClosed) socket.close();
    else this.#socket = socket;
    return undefined;
  }

  #joinGroups(socket: dgram.Socket, at: InterfaceAddress): void {
    for (const medium of this.#of.media) {
      if (medium.kind !== "mcast") continue;
      socket.addMembership(medium.group, at.address);
      socket.setMulticastInterface(at.address);
      socket.setMulticastTTL(medium.ttl);
      socket.setMulticastLoopback(medium.loop);
    }
  }

  #onSent(socket: dgram.Socket, target: string, error: Error | null): void {
    if (this.#socket !== socket) return;
    const code = (error as NodeJS.ErrnoException | null)?.code;
    if (code === undefined) {
      this.#unsendable.delete(target);
    } else {
      this.#unsendable.set(target, {
        code: "HF3044",
        message: `sending to ${target} on ${this.#of.interface} fails: ${code}`,
        remedy: "Look at `ip -4 address`, `ip -4 route` and the firewall (`nft list ruleset`).",
      });
    }
    this.#tell([...this.#unsendable.values()][0]);
    if (code !== undefined && goneCodes.includes(code)) this.#drop();
  }

  #drop(): void {
    this.#socket?.close();
    this.#socket = undefined;
    this.#unsendable.clear();
  }

  #tell(trouble: DatagramTrouble | undefined): void {
    if (this.#told === trouble?.message) return;
    this.#told = trouble?.message;
    this.#listener.trouble(this.#of.interface, trouble);
  }
}

async function targetOf(medium: Medium, at: InterfaceAddress): Promise<string | undefined> {
  if (medium.kind === "bcast") return at.broadcast;
  if (medium.kind === "mcast") return medium.group;
  if (isIPv4(medium.address)) return medium.address;
  try {
    return (await lookup(medium.address, { family: 4 })).address;
  } catch {
    // A name that cannot be found is told by the caller, and looked up again.
    return undefined;
  }
}

function noTarget(medium: Medium): DatagramTrouble {
  const what = medium.kind === "ucast" ? `no IPv4 address of ${medium.address}` : "no broadcast";
  return {
    code: "HF3041",
    message: `${medium.kind} on ${medium.interface}: there is ${what}`,
    remedy: "Write the peer's IPv4 address: ucast INTERFACE ADDRESS.",
  };
}

function openTrouble(of: InterfaceMedia, { call, code }: SocketError): DatagramTrouble {
  const { port, interface: name } = of;
  if (code === "EADDRINUSE") {
    return {
      code: "HF3040",
      message: `UDP port ${port} is in use on ${name}`,
      remedy: `\`ss -ulpn 'sport = :${port}'\` shows by which program: another holdfastd, or Heartbeat? Stop it, or set another \`udpport\` in ha.cf on all nodes.`,
    };
  }
  if (code === "EACCES" || code === "EPERM") {
    return {
      code: "HF3042",
      message: `UDP port ${port} may not be opened (${call}: ${code})`,
      remedy: "Run the daemon as root.",
    };
  }
  return {
    code: "HF3041",
    message: `the socket on ${name} cannot be opened (${call}: ${code})`,
    remedy: "It is tried again every second.",
  };
}
