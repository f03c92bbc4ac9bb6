/** What the DC observes, written into the status section: who is there, whether there is quorum, and who the DC is. */
import { formatLastWritten } from "../../formats/cib/wall-time-text.ts";
import { attribute } from "../../formats/xml/xml-element.ts";
import { quorumChange } from "../cib/status/node-state.ts";
import type { StatusNode } from "../cib/status/operation-result.ts";
import { mayAcknowledge } from "./change-quorum.ts";
import type { DcMembers } from "./dc-members.ts";
import type { OrdersParts } from "./dc-orders.ts";
import type { DcOutbox } from "./dc-outbox.ts";
import type { Engine } from "./engine.ts";
import { ownConfiguration } from "./own-configuration.ts";
import { conditionChange, type MemberCondition, statusNode } from "./status-changes.ts";
import type { Now, World } from "./world.ts";

export class Observer {
  readonly #world: World;
  readonly #members: DcMembers;
  readonly #engine: Engine;
  readonly #out: DcOutbox;

  constructor({ world, members, engine, out }: OrdersParts) {
    this.#world = world;
    this.#members = members;
    this.#engine = engine;
    this.#out = out;
  }

  /** What is observed is written down: who is there, and that this node is the DC. */
  observe(at: Now): void {
    this.#observeQuorum();
    this.condition(this.#world.self, "member");
    for (const member of this.#members.all()) {
      if (member.state === "pending" && !member.wasJoined) this.condition(member.name, "pending");
    }
    for (const name of this.#members.absent(this.#world.nodes)) this.#observeAbsent(name);
    this.#introduce(at);
  }

  #observeAbsent(name: string): void {
    const loss = this.#world.loss(name);
    const wasKnown = conditionChange(this.#world.cib(), this.#node(name), "lost");
    switch (loss.kind) {
      case "asking":
      case "held":
        return;
      case "gone":
        this.#engine.forgetTrouble(name);
        this.condition(name, loss.isProven ? "down" : "lost");
        return;
      case "unclean":
        if (wasKnown !== undefined) this.condition(name, "lost");
        return;
    }
  }

  condition(name: string, condition: MemberCondition): void {
    const change = conditionChange(this.#world.cib(), this.#node(name), condition);
    if (change === undefined) return;
    this.#out.status(change);
    this.#engine.note(`${name} is ${words[condition]}`);
  }

  /** What the DC itself writes into the configuration. */
  #introduce(at: Now): void {
    if (!this.#world.isCibSettled() || !this.isQuorate) return;
    const { nodes, version, self } = this.#world;
    const change = ownConfiguration(this.#world.cib(), nodes, version);
    if (change === undefined) return;
    const written = formatLastWritten(at.wall);
    const origin = { node: self, client: "holdfastd", user: "root", written };
    this.#out.cib({ kind: "request", id: undefined, change, origin });
  }

  get isQuorate(): boolean {
    return this.#world.hasQuorum(this.#members.joinedCount);
  }

  #observeQuorum(): void {
    const quorate = this.isQuorate;
    const cib = this.#world.cib();
    const mayChange = mayAcknowledge(this.#world, this.#members.joinedCount);
    this.#out.cib({ kind: "quorum", quorate: mayChange });
    const dcId = this.#node(this.#world.self).id;
    const isSame =
      attribute(cib, "have-quorum") === (quorate ? "1" : "0") && attribute(cib, "dc-uuid") === dcId;
    if (isSame) return;
    this.#out.status(quorumChange({ haveQuorum: quorate, dcId }));
    this.#engine.note(quorate ? "there is quorum" : "quorum was lost");
  }

  #node(name: string): StatusNode {
    return statusNode(this.#world.cib(), name);
  }
}

const words: Readonly<Record<MemberCondition, string>> = {
  member: "a member",
  pending: "pending",
  lost: "lost",
  down: "down",
};
