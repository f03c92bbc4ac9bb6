/**
 * What QEMU has sent, and the target's host has not taken yet. While QEMU hands over, it writes with its main lock held;
 * on a network that is cut just then nothing but a yank reaches it, and sometimes not even that: its thread that listens
 * to the target closes the connection's descriptor, and its thread that writes, told by GnuTLS to try again because a part
 * of a record was taken, waits for a descriptor that is no more, for ever (QEMU 7.2, io/channel-tls.c). So a hand-over
 * begins with buffers that are empty, on a network that was alive a moment ago: what is left to send fits in them.
 */
import { unacknowledgedBytes } from "../../formats/proc-net/tcp-table.ts";
import type { Clock, StopSignal } from "../../ports/clock.ts";
import type { Files } from "../../ports/files.ts";
import type { ReceptionAddress } from "../guest/guest-driver.ts";
import { poll } from "../time-limit.ts";

/** How long no byte may be taken. */
const stallLimitMs = 5000;
/** The guest is halted meanwhile. */
const everyMs = 5;

/**
 * Waits until all is taken, or the signal is aborted; else says in a sentence why that does not come to an end.
 * @param pid of the QEMU that sends.
 */
export async function awaitTaken(
  ports: { readonly clock: Clock; readonly files: Files },
  pid: number,
  at: ReceptionAddress,
  stop: StopSignal,
): Promise<string | undefined> {
  let least = Number.POSITIVE_INFINITY;
  for (;;) {
    const fewer = await poll(ports.clock, { limitMs: stallLimitMs, stop, everyMs }, async () => {
      const now = await untaken(ports.files, pid, at);
      return now < least ? now : undefined;
    });
    if (fewer === 0 || stop.aborted) return undefined;
    if (fewer === undefined)
      return `${at["address"]} does not take the last of the memory (${least} bytes for ${stallLimitMs / 1000} s)`;
    least = fewer;
  }
}

/** In bytes; 0 when the connection is not there: QEMU itself says what became of it. */
async function untaken(files: Files, pid: number, at: ReceptionAddress): Promise<number> {
  const { address = "", port = "" } = at;
  const table = await files.read(`/proc/${pid}/net/${address.includes(":") ? "tcp6" : "tcp"}`);
  return unacknowledgedBytes(table ?? "", { address, port: Number(port) });
}
