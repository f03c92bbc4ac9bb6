/**
 * Who answers the kernel's fence-peer handler (`holdfast drbd fence-peer` in drbd.conf's handlers): the client that
 * serves fencing, which is holdfastd. Nobody's answer is no answer: the kernel's I/O stays frozen.
 */
import type { DiskFenceRequest } from "../../api/disk-protocol.ts";
import type { ControlClient } from "../../host/control/control-server.ts";

/** fence-peer's exit code that decides nothing (specification section 13.3). */
const exitNothing = 1;
const waitMs = 300_000;

export class KernelFencing {
  readonly #resource: string;
  readonly #peer: () => string;
  readonly #waiting = new Map<
    number,
    { readonly request: DiskFenceRequest; readonly answer: (exitCode: number) => void }
  >();
  #client: ControlClient | undefined;
  #nextRequest = 1;

  constructor(resource: string, peer: () => string) {
    this.#resource = resource;
    this.#peer = peer;
  }

  /** Resolves with the exit code for the kernel. */
  ask(frozen: boolean): Promise<number> {
    const number = this.#nextRequest++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => answer(exitNothing), waitMs);
      const answer = (exitCode: number): void => {
        clearTimeout(timer);
        this.#waiting.delete(number);
        resolve(exitCode);
      };
      const request: DiskFenceRequest = {
        request: number,
        resource: this.#resource,
        peer: this.#peer(),
        reason: "peer-lost",
        frozen,
      };
      this.#waiting.set(number, { request, answer });
      this.#client?.sendEvent("fence-peer", request);
    });
  }

  serve(client: ControlClient): void {
    this.#client = client;
    client.onClose(() => {
      if (this.#client === client) this.#client = undefined;
    });
    for (const { request } of this.#waiting.values()) client.sendEvent("fence-peer", request);
  }

  onVerdict(request: number, exitCode: number): void {
    this.#waiting.get(request)?.answer(exitCode);
  }
}
