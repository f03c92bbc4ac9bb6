/**
 * A guest whose kernel has DRBD 8.4 (drbd.ko of Debian's cloud kernel), for use as the peer of a disk server on this
 * machine. It needs no KVM and no rights: QEMU emulates the processor, and its user-mode network leads to programs of
 * this machine. Seen from the guest they are at `peerAddress`, with the ports that they have here; the guest's own port
 * `drbdPort` is reached here at 127.0.0.1 and `DrbdGuest.port`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { openSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../src/api/user-error.ts";
import { findGuestKernel, quickBoot } from "../guest/guest-kernel.ts";
import { freePort } from "../network/free-port.ts";
import { drbdGuestImage } from "./guest-image.ts";
import { type ScriptOutcome, SerialShell } from "./serial-shell.ts";

export const guestAddress = "10.9.0.1";
export const peerAddress = "10.9.0.254";
export const drbdPort = 7790;

export type DrbdGuestOptions = {
  /** An existing directory for sockets and logs. Short: a unix socket's path has at most 107 bytes. */
  readonly directory: string;
  readonly name: string;
  /** Raw images: /dev/vda, /dev/vdb … */
  readonly disks: readonly string[];
  /** Of 127.0.0.1, free: will lead to the guest's `drbdPort`. One is chosen when none is given. */
  readonly port?: number;
};

export class DrbdGuest {
  /** Of 127.0.0.1: leads to the guest's `drbdPort`. */
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #shell: SerialShell;

  /** Resolves when the guest runs scripts: after about 5 s on an idle processor. */
  static async boot(options: DrbdGuestOptions): Promise<DrbdGuest> {
    const { directory, name } = options;
    const kernel = findGuestKernel();
    const image = path.join(directory, "initramfs");
    writeFileSync(image, await drbdGuestImage(kernel));
    const socket = path.join(directory, `${name}.serial`);
    const shell = await SerialShell.listen(socket);
    const port = options.port ?? (await freePort());
    const console = path.join(directory, `${name}.console`);
    const words = openSync(path.join(directory, `${name}.qemu`), "w");
    const child = spawn(
      "qemu-system-x86_64",
      qemuArguments(options, { kernel: kernel.image, image, socket, console, port }),
      { stdio: ["ignore", words, words] },
    );
    const guest = new DrbdGuest({ port, child, shell });
    await guest.sh("true");
    return guest;
  }

  private constructor(parts: {
    readonly port: number;
    readonly child: ChildProcess;
    readonly shell: SerialShell;
  }) {
    this.port = parts.port;
    this.#child = parts.child;
    this.#shell = parts.shell;
    this.#child.once("error", (error) =>
      this.#shell.close(`QEMU does not start: ${error.message}`),
    );
    this.#child.once("exit", () => this.#shell.close("QEMU has ended"));
  }

  run(script: string): Promise<ScriptOutcome> {
    return this.#shell.run(script);
  }

  /**
   * What the script printed.
   * @throws UserError HF7008 when it did not end with 0.
   */
  async sh(script: string): Promise<string> {
    const { status, output } = await this.run(script);
    if (status === 0) return output;
    throw new UserError("HF7008", `in the DRBD guest: ${script} failed (${status}): ${output}`);
  }

  /** As when the power is cut: what the guest has flushed to its disks is kept. */
  async powerOff(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
  }
}

type QemuFiles = {
  readonly kernel: string;
  readonly image: string;
  readonly socket: string;
  readonly console: string;
  readonly port: number;
};

function qemuArguments(options: DrbdGuestOptions, files: QemuFiles): readonly string[] {
  const disks = options.disks.flatMap((file, i) => [
    ...["-drive", `file=${file},if=none,id=d${i},format=raw,cache=writeback,discard=unmap`],
    ...["-device", `virtio-blk-pci,drive=d${i}`],
  ]);
  const network = [
    "user,id=n0,net=10.9.0.0/24",
    `host=${peerAddress}`,
    "dhcpstart=10.9.0.100",
    `hostfwd=tcp:127.0.0.1:${files.port}-${guestAddress}:${drbdPort}`,
  ];
  return [
    ...["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"],
    // A bigger cache of translated code would cost memory and no longer pay.
    ...["-M", "q35", "-accel", "tcg,tb-size=64", "-cpu", "max", "-smp", "1", "-m", "256"],
    ...["-kernel", files.kernel, "-initrd", files.image],
    "-append",
    `console=ttyS0 ${quickBoot} panic=1 guest.name=${options.name} guest.address=${guestAddress}/24`,
    ...["-chardev", `file,id=console,path=${files.console}`, "-serial", "chardev:console"],
    ...["-chardev", `socket,id=shell,path=${files.socket}`, "-serial", "chardev:shell"],
    ...disks,
    ...["-netdev", network.join(","), "-device", "virtio-net-pci,netdev=n0"],
  ];
}
