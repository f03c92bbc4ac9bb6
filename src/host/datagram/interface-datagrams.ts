/** ports/datagrams.ts: sockets bound to the interfaces that ha.cf names, looked after once a second. */
import { UserError } from "../../api/user-error.ts";
import type { DatagramListener, DatagramSender, Datagrams, Medium } from "../../ports/datagrams.ts";
import { interfaceAddress } from "./interface-address.ts";
import { type InterfaceMedia, InterfaceSocket } from "./interface-socket.ts";

const lookAfterEveryMs = 1000;

export const interfaceDatagrams: Datagrams = { open: openMedia };

async function openMedia(
  options: { readonly media: readonly Medium[]; readonly port: number },
  listener: DatagramListener,
): Promise<DatagramSender> {
  const sockets = byInterface(options).map((each) => new InterfaceSocket(each, listener));
  for (const socket of sockets) {
    const trouble = await socket.open();
    if (trouble?.code !== "HF3040" && trouble?.code !== "HF3042") continue;
    await Promise.all(sockets.map((each) => each.close()));
    throw new UserError(trouble.code, trouble.message, { remedy: trouble.remedy });
  }
  let told: string | undefined;
  const tellAddresses = (): void => {
    const addresses = ownAddresses(options.media);
    if (addresses.join() === told) return;
    told = addresses.join();
    listener.addresses(addresses);
  };
  tellAddresses();
  const timer = setInterval(() => {
    // Whatever hinders it is told to the listener; a port that is taken meanwhile, too.
    for (const socket of sockets) void socket.open();
    tellAddresses();
  }, lookAfterEveryMs);
  timer.unref();
  return {
    send: (bytes) => {
      for (const socket of sockets) socket.send(bytes);
    },
    close: async () => {
      clearInterval(timer);
      await Promise.all(sockets.map((socket) => socket.close()));
    },
  };
}

function ownAddresses(media: readonly Medium[]): readonly string[] {
  const interfaces = [...new Set(media.map((medium) => medium.interface))];
  return interfaces.flatMap((name) => interfaceAddress(name)?.address ?? []);
}

/** Media of one interface share a socket; a multicast group with a port of its own has its own. */
function byInterface(options: {
  readonly media: readonly Medium[];
  readonly port: number;
}): readonly InterfaceMedia[] {
  const groups = new Map<string, { interface: string; port: number; media: Medium[] }>();
  for (const medium of options.media) {
    const port = (medium.kind === "mcast" ? medium.port : undefined) ?? options.port;
    const key = `${medium.interface} ${port}`;
    const group = groups.get(key) ?? { interface: medium.interface, port, media: [] };
    groups.set(key, group);
    group.media.push(medium);
  }
  return [...groups.values()];
}
