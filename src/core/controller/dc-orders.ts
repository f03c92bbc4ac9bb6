/** The transition's actions as orders to nodes, this one among them. */
import { unreachable } from "../../base/assert.ts";
import { after } from "../../base/time.ts";
import { parseBoolean } from "../../formats/cib/cib-boolean.ts";
import { opStatus, pendingRc, type StatusNode } from "../cib/status/operation-result.ts";
import type { OperationReport, Order } from "../executor/types.ts";
import { activeOn } from "./active-nodes.ts";
import type { DcMembers } from "./dc-members.ts";
import type { DcOutbox } from "./dc-outbox.ts";
import type { Engine, EngineEffect } from "./engine.ts";
import { Farewell } from "./farewell.ts";
import { fencedDownChange } from "./fenced-changes.ts";
import { remoteMaintenanceChange } from "./remote-status.ts";
import { clearFailuresChange, forgetChange, reportChange, statusNode } from "./status-changes.ts";
import { type Now, seconds, type World } from "./world.ts";

/** A node that could not be told is asked again after so long, unless something else comes up. */
const againMs = 1000;

export type OrdersParts = {
  readonly world: World;
  readonly term: number;
  readonly members: DcMembers;
  readonly engine: Engine;
  readonly out: DcOutbox;
};

export class DcOrders {
  readonly farewell: Farewell = new Farewell();
  readonly #world: World;
  readonly #term: number;
  readonly #members: DcMembers;
  readonly #engine: Engine;
  readonly #out: DcOutbox;
  /** Why a node that wants to leave was not let go, as it was told last. */
  readonly #toldStaying = new Map<string, string>();

  constructor({ world, term, members, engine, out }: OrdersParts) {
    this.#world = world;
    this.#term = term;
    this.#members = members;
    this.#engine = engine;
    this.#out = out;
  }

  /** @param remoteNode whose history it is, if it is not the node's own. */
  forgetOn(node: string, resource: string, remoteNode?: string): void {
    const what = { resource, ...(remoteNode !== undefined && { remoteNode }) };
    if (node === this.#world.self) this.#out.push({ kind: "forget-here", ...what });
    else this.#out.send(node, { kind: "forget", term: this.#term, ...what });
  }

  perform(effect: EngineEffect, at: Now): void {
    switch (effect.kind) {
      case "order":
        this.#order(effect, at);
        return;
      case "cancel":
        this.#cancel(effect, at);
        return;
      case "fence":
        this.#out.push(effect);
        return;
      case "clear-failures": {
        const { node, resource } = effect;
        this.#out.status(clearFailuresChange(this.#world.cib(), this.#node(node), resource));
        return;
      }
      case "forget":
        this.#out.status(forgetChange(this.#node(effect.node), effect.resource));
        if (effect.told !== undefined) {
          const remote = effect.told === effect.node ? undefined : effect.node;
          this.forgetOn(effect.told, effect.resource, remote);
        }
        return;
      case "shut-down":
        this.#letLeave(effect.node, at);
        return;
      case "guests-down":
        for (const id of effect.nodes) {
          this.#out.status(fencedDownChange(this.#world.cib(), { id, uname: id }));
        }
        return;
      case "remote-maintenance":
        for (const { nodeId, on } of effect.nodes) {
          this.#out.status(remoteMaintenanceChange(nodeId, on));
        }
        return;
      case "keep-input":
      case "keep-outcome":
      case "notice":
      case "status-changed":
        this.#out.push(effect);
        return;
      default:
        unreachable(effect);
    }
  }

  #letLeave(node: string, at: Now): void {
    if (!this.#mayLeave(node)) return;
    if (node !== this.#world.self) {
      this.#out.send(node, { kind: "leave-granted", term: this.#term });
      return;
    }
    if (this.farewell.isUnderWay) return;
    const joined = this.#members.all().filter((member) => member.state === "joined");
    for (const { name } of joined) this.#out.send(name, { kind: "farewell", term: this.#term });
    const names = joined.map(({ name }) => name);
    this.farewell.begin(names, at.now);
    this.leaveWhenHeard(at);
  }

  /** This node, once the others know all that it knew. */
  leaveWhenHeard(at: Now): void {
    if (!this.farewell.takeEnd(at.now) || !this.#mayLeave(this.#world.self)) return;
    this.#out.push({ kind: "leave" });
  }

  /** Safety: who has left executes nothing, and its guests may be started elsewhere. */
  #mayLeave(node: string): boolean {
    const left = activeOn(this.#world.cib(), this.#node(node).id).join(", ");
    if (left === "") return true;
    if (this.#toldStaying.get(node) === left) return false;
    this.#toldStaying.set(node, left);
    const message = `${node} cannot leave: ${left} may still run there, and the cluster may not stop it.`;
    this.#out.notice("error", "HF4415", message, { node });
    return false;
  }

  #order({ node, order }: Extract<EngineEffect, { kind: "order" }>, at: Now): void {
    if (!this.#canReach(node)) {
      this.#engine.onLost(node, (key) => key !== order.transitionKey);
      const reason = `${node} could not be told to ${order.action} ${order.resource}`;
      this.#engine.note(reason, after(at.now, againMs));
      return;
    }
    if (isPendingRecorded(order)) {
      const pending = { ...pendingOf(order), lastRcChangeS: seconds(at) };
      const host = this.#node(order.remoteNode ?? node);
      this.#out.status(reportChange(this.#world.cib(), host, pending, seconds(at)));
    }
    if (node === this.#world.self) this.#out.push({ kind: "order-here", order });
    else this.#out.send(node, { kind: "order", term: this.#term, order });
  }

  #cancel(
    { node, operation, transitionKey }: Extract<EngineEffect, { kind: "cancel" }>,
    at: Now,
  ): void {
    if (!this.#canReach(node)) {
      this.#engine.onLost(node, (key) => key !== transitionKey);
      const reason = `${node} could not be told to cancel an operation of ${operation.resource}`;
      this.#engine.note(reason, after(at.now, againMs));
      return;
    }
    if (node === this.#world.self) {
      this.#out.push({ kind: "cancel-here", operation, transitionKey });
    } else {
      this.#out.send(node, { kind: "cancel", term: this.#term, operation, transitionKey });
    }
  }

  #canReach(node: string): boolean {
    return node === this.#world.self || this.#members.get(node)?.state === "joined";
  }

  #node(name: string): StatusNode {
    return statusNode(this.#world.cib(), name);
  }
}

/** What is seen as under way is not forgotten by the next DC. Probes change nothing. */
function isPendingRecorded({ action, meta }: Order): boolean {
  return action !== "monitor" && parseBoolean(meta["record_pending"] ?? "") !== false;
}

function pendingOf(order: Order): OperationReport {
  const { agent, resource, action, intervalMs, transitionKey, params, meta } = order;
  const [source, target] = [meta["migrate_source"], meta["migrate_target"]];
  const migrates = action === "migrate_to" || action === "migrate_from";
  return {
    ...{ agent, resource, action, intervalMs, transitionKey, parameters: params },
    ...{ rc: pendingRc, opStatus: opStatus.pending, callId: -1, exitReason: "" },
    ...(migrates &&
      source !== undefined &&
      target !== undefined && { migration: { source, target } }),
  };
}
