/** What the DC wants done, collected until somebody takes it. */
import type { CibChange } from "../cib/change.ts";
import type { CibSyncEvent } from "../cibsync/types.ts";
import type { ControllerEffect, ControllerMessage, ControllerNotice } from "./world.ts";

export class DcOutbox {
  #effects: ControllerEffect[] = [];

  take(): readonly ControllerEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  push(effect: ControllerEffect): void {
    this.#effects.push(effect);
  }

  cib(event: CibSyncEvent): void {
    this.push({ kind: "cib", event });
  }

  status(change: CibChange): void {
    this.cib({ kind: "status", change });
  }

  send(to: string, message: ControllerMessage): void {
    this.push({ kind: "send", to, message });
  }

  notice(
    level: ControllerNotice["level"],
    code: string,
    message: string,
    fields: ControllerNotice["fields"],
  ): void {
    this.push({ kind: "notice", level, code, message, fields });
  }
}
