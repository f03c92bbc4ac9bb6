/**
 * One QMP connection from its greeting to its end (QEMU's docs/interop/qmp-spec.rst, "Capabilities negotiation" and
 * "Issuing commands"): lines and commands in, effects out. Commands given before the session is ready wait for it.
 * Each command gets exactly one answer effect, or its id is named among the unanswered when the session breaks.
 */
import { assert } from "../../base/assert.ts";
import {
  parseQmpMessage,
  printQmpCommand,
  type QmpAnswer,
  type QmpArguments,
  type QmpEvent,
  type QmpMessage,
  type QmpVersion,
} from "./qmp-message.ts";

export type QmpEffect =
  | { readonly kind: "send"; readonly line: string }
  | { readonly kind: "ready"; readonly version: QmpVersion }
  | { readonly kind: "answer"; readonly id: number; readonly answer: QmpAnswer }
  | { readonly kind: "event"; readonly event: QmpEvent }
  /** The session is over: whoever waits for one of these ids gets no answer any more. */
  | { readonly kind: "broken"; readonly reason: string; readonly unanswered: readonly number[] };

/** More commands than this without an answer: QEMU does not read any more. */
export const unansweredMax = 100;

export class QmpSession {
  #state: "greeting" | "negotiating" | "ready" | "broken" = "greeting";
  #version: QmpVersion | undefined;
  /** Whether QEMU executes out of band; where it can't, such commands take their turn. */
  #outOfBand = false;
  #lastId = 0;
  readonly #unanswered = new Set<number>();
  readonly #waiting: string[] = [];

  /** The id of the answer that will come, and what to do now. */
  execute(
    command: string,
    args?: QmpArguments,
    options: { readonly outOfBand?: boolean } = {},
  ): { readonly id: number; readonly effects: readonly QmpEffect[] } {
    const id = ++this.#lastId;
    if (this.#state === "broken") {
      const over: QmpEffect = { kind: "broken", reason: "the session is over", unanswered: [id] };
      return { id, effects: [over] };
    }
    this.#unanswered.add(id);
    if (this.#unanswered.size > unansweredMax)
      return { id, effects: this.end(`${unansweredMax} commands are without an answer`) };
    const outOfBand = options.outOfBand === true && this.#outOfBand;
    const line = printQmpCommand({
      id,
      command,
      ...(args === undefined ? {} : { args }),
      outOfBand,
    });
    if (this.#state === "ready") return { id, effects: [{ kind: "send", line }] };
    this.#waiting.push(line);
    return { id, effects: [] };
  }

  receive(line: string): readonly QmpEffect[] {
    if (line.trim() === "") return [];
    const message = parseQmpMessage(line);
    if (!message.ok) return this.end(message.error);
    switch (this.#state) {
      case "greeting":
        return this.#onGreeting(message.value);
      case "negotiating":
        return this.#onNegotiated(message.value);
      case "ready":
        return this.#onMessage(message.value);
      case "broken":
        return [];
    }
  }

  /** The connection ended, or has to. Nothing comes from the session afterwards. */
  end(reason: string): readonly QmpEffect[] {
    if (this.#state === "broken") return [];
    this.#state = "broken";
    const unanswered = [...this.#unanswered];
    this.#unanswered.clear();
    return [{ kind: "broken", reason, unanswered }];
  }

  #onGreeting(message: QmpMessage): readonly QmpEffect[] {
    if (message.kind !== "greeting") return this.end(`a QMP ${message.kind} before the greeting`);
    this.#state = "negotiating";
    this.#version = message.version;
    this.#outOfBand = message.capabilities.includes("oob");
    const args = this.#outOfBand ? { enable: ["oob"] } : {};
    return [{ kind: "send", line: printQmpCommand({ id: 0, command: "qmp_capabilities", args }) }];
  }

  #onNegotiated(message: QmpMessage): readonly QmpEffect[] {
    // QEMU may tell an event between the two.
    if (message.kind === "event") return [{ kind: "event", event: message.event }];
    if (message.kind === "greeting" || message.id !== 0)
      return this.end(`a QMP ${message.kind} while capabilities are negotiated`);
    if (!message.answer.ok)
      return this.end(`QEMU refused qmp_capabilities: ${message.answer.error.description}`);
    assert(this.#version !== undefined, "the greeting came first");
    this.#state = "ready";
    const waiting = this.#waiting.splice(0);
    return [
      { kind: "ready", version: this.#version },
      ...waiting.map((line): QmpEffect => ({ kind: "send", line })),
    ];
  }

  #onMessage(message: QmpMessage): readonly QmpEffect[] {
    switch (message.kind) {
      case "greeting":
        return this.end("a second QMP greeting");
      case "event":
        return [{ kind: "event", event: message.event }];
      case "answer": {
        const { id, answer } = message;
        if (id === undefined || !this.#unanswered.delete(id))
          return this.end(`a QMP answer to no command of ours (id ${id})`);
        return [{ kind: "answer", id, answer }];
      }
    }
  }
}
