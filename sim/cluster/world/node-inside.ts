/** A guest that is a node: its daemon and its services live as long as the guest does, wherever it goes on. */
import type { SimHost } from "./sim-host.ts";
import type { SimRemoteNode } from "./sim-remote-node.ts";

export class NodeInside {
  readonly node: SimRemoteNode;
  readonly #guest: string;
  /** Of the guest's memory: another one is another boot. */
  #image: number | undefined;

  constructor(node: SimRemoteNode, guest: string) {
    this.node = node;
    this.#guest = guest;
    node.powerOff();
  }

  poll(hosts: readonly SimHost[]): void {
    const host = hosts.find((each) => each.isAwake && each.guests.executes(this.#guest));
    const image = host?.guests.image(this.#guest);
    if (image === this.#image) return;
    this.#image = image;
    if (this.node.powered) this.node.powerOff();
    if (image !== undefined) this.node.powerOn();
  }
}
