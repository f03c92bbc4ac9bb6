/** Commands for the machine, and its answers: a refusal becomes an error with DRBD's number, words and exit code. */
import { UserError } from "../../api/user-error.ts";
import { assert } from "../../base/assert.ts";
import type { AdminReply } from "../../core/replication/effects.ts";
import type { AdminCommand, DrbdEvent } from "../../core/replication/events.ts";

type Result = AdminReply["result"];

export class AdminCommands {
  readonly #post: (event: DrbdEvent) => void;
  readonly #waiting = new Map<number, (result: Result) => void>();
  #nextId = 1;

  constructor(post: (event: DrbdEvent) => void) {
    this.#post = post;
  }

  ask(command: AdminCommand): Promise<Result> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#post({ kind: "admin", id, command });
    });
  }

  /** @throws UserError HF2140 when the machine refuses. */
  async run(command: AdminCommand): Promise<void> {
    const result = await this.ask(command);
    if (!result.ok) throw refusal(command, result);
  }

  onReply(reply: AdminReply): void {
    const resolve = this.#waiting.get(reply.id);
    assert(resolve !== undefined, "a command is answered once");
    this.#waiting.delete(reply.id);
    resolve(reply.result);
  }
}

export function refusal(
  command: AdminCommand,
  result: Extract<Result, { readonly ok: false }>,
): UserError {
  const { code, message } = result;
  const text = code === 0 ? message : `State change failed: (${code}) ${message}`;
  const remedy = remedies[code]?.(command.name);
  return new UserError("HF2140", text, {
    exit: exitCode(code),
    ...(remedy === undefined ? {} : { remedy }),
  });
}

/** drbdsetup's exit codes for refused state changes (specification section 16.5). */
function exitCode(code: number): number {
  switch (code) {
    case 0:
      return 10;
    case -2:
      return 17;
    case -4:
      return 16;
    case -16:
      return 5;
    default:
      return 11;
  }
}

const remedies: Readonly<Record<number, (command: string) => string>> = {
  [-1]: () =>
    "The peer is Primary. Demote it there first: drbdadm secondary RES. Two Primaries are allowed only during a migration.",
  [-2]: (command) =>
    command === "primary"
      ? "This copy may be out of date. Connect to the peer first; if this is the copy to keep, whatever it lacks: drbdadm primary --force RES."
      : "The peer has no UpToDate copy either: see drbdadm status on both nodes.",
  [-7]: () => "Fencing is on and nobody has confirmed that the peer is outdated or off.",
  [-9]: () => "It is not connected: nothing is to be done.",
  [-12]: () =>
    "Unmount it, or stop the guest that uses it: holders of /dev/drbdN are found by fuser -vm, NBD clients by ss -xp.",
  [-15]: () => "Connect to the peer first: drbdadm connect RES.",
  [-18]: () => "Try again in a moment.",
};
