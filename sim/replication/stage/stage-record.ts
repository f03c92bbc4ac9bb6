/** What two nodes on a stage said, sent and called, for scenarios to look at; and which of it must not occur. */
import type { Notice } from "../../../src/core/replication/effects.ts";
import { SimViolation } from "../cluster.ts";
import type { SimNode } from "../sim-node.ts";

export class StageRecord {
  readonly #notices: { readonly node: SimNode; readonly notice: Notice }[] = [];
  readonly #handlers: { readonly node: SimNode; readonly name: string }[] = [];
  readonly #sent = new Map<SimNode, Map<string, number>>();
  readonly #expected = new Set<string>();

  /** Notices that a scenario provokes; any other of level "error" ends it. */
  expectErrors(...codes: readonly string[]): void {
    for (const code of codes) this.#expected.add(code);
  }

  onNotice(node: SimNode, notice: Notice): void {
    this.#notices.push({ node, notice });
    if (notice.level === "error" && !this.#expected.has(notice.code))
      throw new SimViolation(`${node.name} says ${notice.code}: ${notice.message}`);
  }

  onHandler(node: SimNode, name: string): void {
    this.#handlers.push({ node, name });
  }

  onSent(node: SimNode, packet: string): void {
    const counts = this.#sent.get(node) ?? new Map<string, number>();
    this.#sent.set(node, counts.set(packet, (counts.get(packet) ?? 0) + 1));
  }

  /** How many notices of this code the node has given. */
  notices(node: SimNode, code: string): number {
    return this.#notices.filter((each) => each.node === node && each.notice.code === code).length;
  }

  /** The words of the node's last notice of this code; empty if there was none. */
  lastNotice(node: SimNode, code: string): string {
    const found = this.#notices.filter((each) => each.node === node && each.notice.code === code);
    return found[found.length - 1]?.notice.message ?? "";
  }

  handlers(node: SimNode, name: string): number {
    return this.#handlers.filter((each) => each.node === node && each.name === name).length;
  }

  /** How many packets of this name the node has sent. */
  sent(node: SimNode, packet: string): number {
    return this.#sent.get(node)?.get(packet) ?? 0;
  }
}
