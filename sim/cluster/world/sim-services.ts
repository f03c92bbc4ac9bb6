/**
 * What runs on a host without disks: the resources of dummy agents, and how their operations end. What runs is gone with
 * the host's power; what is wrong with an operation stays wrong.
 */
import type { AgentOutcome } from "../../../src/agents/resource-agent.ts";

/** How an operation goes: it hangs until it is cancelled, takes its time, or ends with an exit code of OCF. */
export type ServiceFault =
  | { readonly kind: "hangs" }
  | { readonly kind: "takes"; readonly ms: number }
  | { readonly kind: "fails"; readonly rc: number };

const ok: AgentOutcome = { rc: 0, reason: "" };
const notRunning = 7;
const promotedRc = 8;
const unimplemented = 3;

export class SimServices {
  readonly #active = new Set<string>();
  readonly #promoted = new Set<string>();
  readonly #faults = new Map<string, { readonly fault: ServiceFault; readonly once: boolean }>();

  isActive(resource: string): boolean {
    return this.#active.has(resource);
  }

  isPromoted(resource: string): boolean {
    return this.#promoted.has(resource);
  }

  /** Without a fault the operation works again. @param once only the next one. */
  disturb(
    operation: { readonly resource: string; readonly action: string },
    fault: ServiceFault | undefined,
    once = false,
  ): void {
    const key = keyOf(operation);
    if (fault === undefined) this.#faults.delete(key);
    else this.#faults.set(key, { fault, once });
  }

  /** Nothing is wrong with any operation any more. */
  mend(): void {
    this.#faults.clear();
  }

  takeFault(operation: {
    readonly resource: string;
    readonly action: string;
  }): ServiceFault | undefined {
    const key = keyOf(operation);
    const found = this.#faults.get(key);
    if (found?.once === true) this.#faults.delete(key);
    return found?.fault;
  }

  /** It ends by itself; or a person starts it by hand, past the cluster. */
  die(resource: string): void {
    this.#active.delete(resource);
    this.#promoted.delete(resource);
  }

  startByHand(resource: string): void {
    this.#active.add(resource);
  }

  powerOff(): void {
    this.#active.clear();
    this.#promoted.clear();
  }

  /** The effect of an operation that works. */
  perform(resource: string, action: string): AgentOutcome {
    switch (action) {
      case "start":
        this.#active.add(resource);
        return ok;
      case "stop":
        this.die(resource);
        return ok;
      // As ocf:heartbeat:Dummy does it: it is nowhere while it is on its way.
      case "migrate_to":
        this.die(resource);
        return ok;
      case "migrate_from":
        this.#active.add(resource);
        return ok;
      case "promote":
        this.#promoted.add(resource);
        return ok;
      case "demote":
        this.#promoted.delete(resource);
        return ok;
      case "monitor":
        return { rc: this.#found(resource), reason: "" };
      case "notify":
      case "reload":
      case "reload-agent":
        return ok;
      default:
        return { rc: unimplemented, reason: `a dummy has no action ${action}` };
    }
  }

  #found(resource: string): number {
    if (!this.#active.has(resource)) return notRunning;
    return this.#promoted.has(resource) ? promotedRc : 0;
  }
}

function keyOf({ resource, action }: { readonly resource: string; readonly action: string }) {
  return `${action} ${resource}`;
}
