/** A daemon as its host, and those who sit before it, know it. */
import type { ClientReply, ClientRequest } from "../../../src/core/node/client-requests.ts";
import type { NodeStatus } from "../../../src/core/node/node-status.ts";
import type { FencePeer } from "../../../src/core/replication/effects.ts";
import type { XmlElement } from "../../../src/formats/xml/xml-element.ts";
import type { SimNode } from "../../replication/sim-node.ts";

export type HostedDaemon = {
  readonly cib: XmlElement;
  status(): NodeStatus;
  /** A command of a person on this host. `done` is never called when the daemon ends first. */
  request(request: ClientRequest, done?: (reply: ClientReply) => void): void;
  onLoad(oneMinute: number): void;
  freeze(): void;
  thaw(): void;
  end(): void;
  onServerStatus(drbdResource: string, node: SimNode): void;
  onServerEnd(drbdResource: string): void;
  onFencePeer(drbdResource: string, request: FencePeer): void;
};
