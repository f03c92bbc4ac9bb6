/**
 * The switch that hosts get their power from, as a fence device. An order takes a while, and is obeyed also when nobody
 * waits for its end any more.
 */

import type { Prng } from "../../../src/base/prng.ts";
import type { FenceAgentEnded, RunFenceAgent } from "../../../src/core/fencer/types.ts";
import type { SimClock } from "../../kernel/sim-clock.ts";

export type SwitchMood =
  | "works"
  /** Obeys after half a minute. */
  | "slow"
  | "refuses"
  /** Takes orders and answers nothing. */
  | "silent"
  /** Says that it has done what it has not. */
  | "lies";

export type SwitchedHost = {
  readonly name: string;
  readonly powered: boolean;
  powerOff(): void;
  powerOn(): void;
};

type Answer = Omit<FenceAgentEnded, "kind" | "token">;

const slowMs = 30_000;

export class PowerSwitch {
  mood: SwitchMood = "works";
  /** Of single devices, by id: instead of the mood of all. */
  readonly moods: Map<string, SwitchMood> = new Map();
  /** Devices that refuse so many orders more, whatever their mood. */
  readonly refusals: Map<string, number> = new Map();
  /** Hosts whose management network is cut: they reach no device. */
  readonly unreachableFrom: Set<string> = new Set();
  readonly #clock: SimClock;
  readonly #prng: Prng;
  readonly #hosts = new Map<string, SwitchedHost>();

  constructor(clock: SimClock, prng: Prng) {
    this.#clock = clock;
    this.#prng = prng;
  }

  connect(host: SwitchedHost): void {
    this.#hosts.set(host.name, host);
  }

  run(from: string, effect: RunFenceAgent, done: (ended: FenceAgentEnded) => void): void {
    let ended = false;
    const end = (answer: Answer): void => {
      if (ended) return;
      ended = true;
      done({ kind: "fence-agent-ended", token: effect.token, ...answer });
    };
    this.#clock.after(effect.timeoutMs, () => end(failed("no answer came in time")));
    const mood = this.moods.get(effect.device.id) ?? this.mood;
    if (this.unreachableFrom.has(from) || mood === "silent") return;
    const tookMs = 300 + this.#prng.below(1200) + (mood === "slow" ? slowMs : 0);
    this.#clock.after(tookMs, () => end(this.#obey(effect)));
  }

  #obey({ action, node, device }: RunFenceAgent): Answer {
    const mood = this.moods.get(device.id) ?? this.mood;
    const host = node === undefined ? undefined : this.#hosts.get(node);
    if (action === "can-fence") return said(host === undefined ? "no" : "yes");
    if (mood === "refuses" || this.#takeRefusal(device.id, action)) return failed("login failed");
    if (action === "monitor") return said("done");
    return host === undefined
      ? failed(`no outlet has the name ${node}`)
      : this.#switch(action, host, mood !== "lies");
  }

  /** Refusals are counted of what changes the power: its monitor says nothing of them. */
  #takeRefusal(device: string, action: RunFenceAgent["action"]): boolean {
    const left = this.refusals.get(device) ?? 0;
    if (left === 0 || action === "monitor") return false;
    this.refusals.set(device, left - 1);
    return true;
  }

  #switch(action: "off" | "on" | "status", host: SwitchedHost, isObeyed: boolean): Answer {
    switch (action) {
      case "off":
        if (isObeyed && host.powered) host.powerOff();
        return said("off");
      case "on":
        if (isObeyed && !host.powered) host.powerOn();
        return said("done");
      case "status":
        return said(isObeyed && host.powered ? "on" : "off");
    }
  }
}

function said(outcome: Answer["outcome"]): Answer {
  return { outcome, message: "" };
}

function failed(message: string): Answer {
  return { outcome: "failed", message };
}
