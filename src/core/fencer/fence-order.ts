/**
 * Switching one node's power: level after level, all devices of a level, until one level is done. "off" counts only
 * where the device read it back; whatever else an agent says, or does not say, is a failure of that level.
 */
import { assert, present } from "../../base/assert.ts";
import { mayFence } from "./fence-devices.ts";
import type { FenceAgentEnded, FenceDevice, RunFenceAgent } from "./types.ts";

/** How often all levels are gone through before the order has failed. */
export const roundsMax = 2;

export type OrderStep =
  | { readonly kind: "run"; readonly effect: RunFenceAgent }
  | { readonly kind: "done"; readonly devices: readonly FenceDevice[] }
  | { readonly kind: "failed"; readonly why: string };

export class FenceOrder {
  readonly target: string;
  readonly action: "off" | "on";
  readonly #levels: readonly (readonly FenceDevice[])[];
  readonly #timeoutMs: number;
  readonly #newToken: () => number;
  #round = 0;
  #level = 0;
  #device = 0;
  #token = 0;
  #isAsking = false;
  readonly #complaints: string[] = [];

  constructor(
    target: string,
    action: "off" | "on",
    how: {
      readonly levels: readonly (readonly FenceDevice[])[];
      readonly timeoutMs: number;
      newToken(): number;
    },
  ) {
    this.target = target;
    this.action = action;
    this.#levels = how.levels;
    this.#timeoutMs = how.timeoutMs;
    this.#newToken = () => how.newToken();
  }

  get token(): number {
    return this.#token;
  }

  /** The device that is being asked or ordered. */
  get device(): string | undefined {
    return this.#levels[this.#level]?.[this.#device]?.id;
  }

  /** Of the level that is being tried, a device has done its part. */
  get hasActed(): boolean {
    return this.#device > 0;
  }

  begin(): OrderStep {
    if (this.#levels.length === 0) return { kind: "failed", why: "no device can fence it" };
    return this.#askOrAct();
  }

  onEnded({ token, outcome, message }: FenceAgentEnded): OrderStep {
    assert(token === this.#token, "it answers what was asked");
    if (this.#isAsking) {
      this.#isAsking = false;
      if (outcome === "yes") return this.#run(this.action);
      return this.#nextLevel(outcome === "no" ? `it cannot fence ${this.target}` : message);
    }
    // Safety: nothing but a power that was read back as off is off.
    const wanted = this.action === "off" ? "off" : "done";
    return outcome === wanted ? this.#nextDevice() : this.#nextLevel(message);
  }

  #current(): FenceDevice {
    return present(this.#levels[this.#level]?.[this.#device], "the device of this step");
  }

  #askOrAct(): OrderStep {
    const can = mayFence(this.#current(), this.target);
    if (can === true) return this.#run(this.action);
    if (can === false) return this.#nextLevel(`it cannot fence ${this.target}`);
    this.#isAsking = true;
    return this.#run("can-fence");
  }

  #run(action: RunFenceAgent["action"]): OrderStep {
    this.#token = this.#newToken();
    const { target: node } = this;
    const [token, device, timeoutMs] = [this.#token, this.#current(), this.#timeoutMs];
    return {
      kind: "run",
      effect: { kind: "run-fence-agent", token, device, action, node, timeoutMs },
    };
  }

  #nextDevice(): OrderStep {
    this.#device++;
    const level = present(this.#levels[this.#level], "the level of this step");
    if (this.#device < level.length) return this.#askOrAct();
    return { kind: "done", devices: level };
  }

  #nextLevel(complaint: string): OrderStep {
    this.#complaints.push(`${this.device}: ${complaint}`);
    this.#device = 0;
    this.#level++;
    if (this.#level >= this.#levels.length) {
      this.#level = 0;
      this.#round++;
    }
    if (this.#round < roundsMax) return this.#askOrAct();
    const why = [...new Set(this.#complaints)].join("; ");
    return { kind: "failed", why };
  }
}
