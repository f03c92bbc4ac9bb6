/**
 * The DC's own node is to be fenced: something on it could not be stopped. It does not switch itself off: another node
 * is asked to, which sees the power read back, and takes over with that as evidence. Where there is no other node, being
 * off would help nobody, and the neighbours of what could not be stopped go on: unless the configuration wants a node
 * without quorum to be off.
 */
import { attribute, type XmlElement } from "../../formats/xml/xml-element.ts";
import { optionText } from "./read-option.ts";
import type { FenceAction, FencerEffect, FencerNotice, FencerWorld } from "./types.ts";

const lostRetryMs = 1000;
/** Somebody has to come first; it is looked at again all the same. */
const aloneRetryMs = 60_000;

export class OwnFence {
  readonly #world: FencerWorld;
  #asked: { readonly helper: string; readonly action: FenceAction } | undefined;

  constructor(world: FencerWorld) {
    this.#world = world;
  }

  /** Undefined: it is to be done here, like any other. */
  request(action: FenceAction): readonly FencerEffect[] | undefined {
    if (this.#asked !== undefined) return [];
    const { self, nodes } = this.#world;
    const helper = nodes.find((node) => node !== self && this.#canHelp(node));
    if (helper === undefined) {
      if (isToEndWithoutQuorum(this.#world.cib())) return undefined;
      const why = `no other node is there to go on with what ${self} runs`;
      const message = `${self} is to be fenced, and stays on: ${why}.`;
      return [this.#notice("error", "HF6115", message), this.#failed(action, why, aloneRetryMs)];
    }
    this.#asked = { helper, action };
    const message = `${self} is to be fenced: ${helper} is asked to do it.`;
    return [
      this.#notice("warn", "HF6116", message),
      { kind: "send", to: helper, message: { kind: "fence-me", action } },
    ];
  }

  /** The link to who was asked may be lost. */
  review(): readonly FencerEffect[] {
    if (this.#asked === undefined || this.#canHelp(this.#asked.helper)) return [];
    const { helper, action } = this.#asked;
    this.#asked = undefined;
    return [this.#failed(action, `${helper} was lost before it answered`, lostRetryMs)];
  }

  onReply(
    from: string,
    { isDone, why }: { readonly isDone: boolean; readonly why: string },
  ): readonly FencerEffect[] {
    if (this.#asked?.helper !== from) return [];
    const { action } = this.#asked;
    this.#asked = undefined;
    // Who reads this is not off.
    const failed = isDone ? `${from} says that ${this.#world.self} is off, and it is not` : why;
    return [this.#failed(action, failed, lostRetryMs)];
  }

  #canHelp(node: string): boolean {
    return this.#world.isMember(node) && this.#world.isLinkUp(node);
  }

  #failed(action: FenceAction, why: string, retryInMs: number): FencerEffect {
    return { kind: "fenced", target: this.#world.self, action, isDone: false, why, retryInMs };
  }

  #notice(level: "warn" | "error", code: FencerNotice["code"], message: string): FencerNotice {
    return { kind: "notice", level, code, message, fields: { node: this.#world.self } };
  }
}

/** no-quorum-policy=fence, or suicide as it was called. */
function isToEndWithoutQuorum(cib: XmlElement): boolean {
  const policy = optionText(cib, "no-quorum-policy");
  return attribute(cib, "have-quorum") === "0" && (policy === "fence" || policy === "suicide");
}
