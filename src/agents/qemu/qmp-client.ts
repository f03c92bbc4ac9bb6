/** A QMP session (formats/qmp) over a connection: commands with their answers as promises. */
import { assert, unreachable } from "../../base/assert.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { QmpAnswer, QmpArguments, QmpEvent } from "../../formats/qmp/qmp-message.ts";
import { type QmpEffect, QmpSession } from "../../formats/qmp/qmp-session.ts";
import type { Clock } from "../../ports/clock.ts";
import type { LineConnection, LineConnections } from "../../ports/line-connections.ts";
import { late, withinLimit } from "../time-limit.ts";

export type QmpClient = {
  /** Refused with errorClass "NoAnswer" when QEMU does not answer within the limit, or the connection ends. */
  execute(
    command: string,
    args?: QmpArguments,
    options?: { readonly outOfBand?: boolean },
  ): Promise<QmpAnswer>;
  onEvent(listener: (event: QmpEvent) => void): void;
  /** Resolves when the connection has ended, with the reason. */
  readonly ended: Promise<string>;
  close(): void;
};

export type QmpPorts = { readonly lineConnections: LineConnections; readonly clock: Clock };

/**
 * Connects and negotiates. QEMU serves one client of a socket at a time; the next waits for its greeting.
 * @param limitMs for the connection and negotiation, and for each answer afterwards.
 */
export async function openQmp(
  ports: QmpPorts,
  socketPath: string,
  limitMs: number,
): Promise<Result<QmpClient>> {
  const connecting = connectLine(ports.lineConnections, socketPath);
  const connected = await withinLimit(ports.clock, limitMs, connecting);
  if (connected === late) {
    void connecting.then((result) => result.ok && result.value.close());
    return err(`QEMU does not accept a connection on ${socketPath}`);
  }
  if (!connected.ok) return connected;
  const client = new ConnectedQmp(ports.clock, connected.value, limitMs);
  const ready = await withinLimit(ports.clock, limitMs, Promise.race([client.ready, client.ended]));
  if (ready === true) return ok(client);
  client.close();
  const why = ready === late ? `no greeting within ${limitMs} ms` : ready;
  return err(`QEMU does not answer on ${socketPath}: ${why}`);
}

class ConnectedQmp implements QmpClient {
  readonly ready: Promise<true>;
  readonly ended: Promise<string>;
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #connection: LineConnection;
  readonly #session = new QmpSession();
  readonly #waiting = new Map<number, (answer: QmpAnswer) => void>();
  readonly #listeners: ((event: QmpEvent) => void)[] = [];
  #becomeReady: () => void = () => undefined;
  #becomeEnded: (reason: string) => void = () => undefined;

  constructor(clock: Clock, connection: LineConnection, limitMs: number) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#connection = connection;
    this.ready = new Promise((resolve) => {
      this.#becomeReady = () => resolve(true);
    });
    this.ended = new Promise((resolve) => {
      this.#becomeEnded = resolve;
    });
    connection.onLine((line) => this.#perform(this.#session.receive(line)));
    connection.onClose(() => this.#perform(this.#session.end("the connection ended")));
  }

  async execute(
    command: string,
    args?: QmpArguments,
    options: { readonly outOfBand?: boolean } = {},
  ): Promise<QmpAnswer> {
    const { id, effects } = this.#session.execute(command, args, options);
    const answered = new Promise<QmpAnswer>((resolve) => this.#waiting.set(id, resolve));
    this.#perform(effects);
    const answer = await withinLimit(this.#clock, this.#limitMs, answered);
    if (answer === late) return noAnswer(`no answer to ${command} within ${this.#limitMs} ms`);
    return answer;
  }

  onEvent(listener: (event: QmpEvent) => void): void {
    this.#listeners.push(listener);
  }

  close(): void {
    this.#perform(this.#session.end("closed by us"));
  }

  #perform(effects: readonly QmpEffect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case "send":
          this.#connection.send(effect.line);
          break;
        case "ready":
          this.#becomeReady();
          break;
        case "event":
          for (const listener of this.#listeners) listener(effect.event);
          break;
        case "answer":
          this.#answer(effect.id, effect.answer);
          break;
        case "broken":
          for (const id of effect.unanswered) this.#answer(id, noAnswer(effect.reason));
          this.#connection.close();
          this.#becomeEnded(effect.reason);
          break;
        default:
          unreachable(effect);
      }
    }
  }

  #answer(id: number, answer: QmpAnswer): void {
    const resolve = this.#waiting.get(id);
    assert(resolve !== undefined, "an answer belongs to a command that waits");
    this.#waiting.delete(id);
    resolve(answer);
  }
}

function noAnswer(description: string): QmpAnswer {
  return err({ errorClass: "NoAnswer", description });
}

async function connectLine(
  connections: LineConnections,
  socketPath: string,
): Promise<Result<LineConnection>> {
  try {
    return ok(await connections.connect(socketPath));
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
}
