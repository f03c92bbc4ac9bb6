/** The resource r0 on the kernel's DRBD, in a guest: configured, driven and asked by drbd-utils. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  DrbdGuest,
  drbdPort,
  guestAddress,
  peerAddress,
} from "../../lab/drbd-kernel/drbd-guest.ts";
import type { ScriptOutcome } from "../../lab/drbd-kernel/serial-shell.ts";
import { runProgram } from "../disk/programs.ts";
import { createMetadata } from "../disk/server-pair.ts";

const device = "/dev/drbd0";
/** What drbdadm does by calls of drbdsetup alone, whatever the state. */
const doneByDrbdsetup: readonly string[] = [
  "primary",
  "secondary",
  "connect",
  "disconnect",
  "pause-sync",
  "resume-sync",
  "verify",
  "detach",
];
const drbdsetup = "/lib/drbd/drbdsetup-84";
/** How often a state is looked for before it counts as one that never comes: a minute, and more under emulation. */
const looks = 1200;
/** Of the other image, for external metadata or a second volume: room for one index. It is sparse. */
const otherBytes = 128 * 1024 * 1024;

export type KernelChoices = {
  /** The port of this machine at which the peer is reached. */
  readonly peerPort: number;
  /** More lines inside `resource { }`. */
  readonly more: string;
  /** The words of `meta-disk`; internal when not given. */
  readonly metaDisk?: string;
  /** There is a volume 1, on the other disk. */
  readonly secondDisk?: boolean;
};

export class KernelNode {
  /** The raw image of its backing disk. What the guest has written without its page cache can be read here. */
  readonly file: string;
  readonly #directory: string;
  /** Of the other disk, /dev/vdb. */
  readonly otherFile: string;
  /** The guest's drbd.conf, for a drbdadm of this machine. */
  readonly #configFile: string;
  #guest: DrbdGuest | undefined;

  /** @param sizeBytes of its disk: the guest sees it in the size that it has at boot. */
  constructor(sizeBytes: number) {
    this.#directory = mkdtempSync("/tmp/hf-kernel-");
    this.file = path.join(this.#directory, "disk");
    this.otherFile = path.join(this.#directory, "other");
    this.#configFile = path.join(this.#directory, "drbd.conf");
    for (const [file, bytes] of [
      [this.file, sizeBytes],
      [this.otherFile, otherBytes],
    ] as const) {
      writeFileSync(file, "");
      truncateSync(file, bytes);
    }
  }

  async boot(): Promise<void> {
    const { port } = this.#guest ?? {};
    this.#guest = await DrbdGuest.boot({
      directory: this.#directory,
      name: "two",
      disks: [this.file, this.otherFile],
      ...(port === undefined ? {} : { port }),
    });
  }

  /** What it has flushed to its disks is kept; nothing else is. */
  async powerOff(): Promise<void> {
    await this.#guest?.powerOff();
  }

  async end(): Promise<void> {
    await this.powerOff();
    rmSync(this.#directory, { recursive: true });
  }

  /** Of 127.0.0.1: leads to the guest's DRBD. The same after every boot. */
  get port(): number {
    return this.#booted().port;
  }

  /** A script's output; it has to end with 0. */
  sh(script: string): Promise<string> {
    return this.#booted().sh(script);
  }

  run(script: string): Promise<ScriptOutcome> {
    return this.#booted().run(script);
  }

  /** Down, with nothing on its disk but new metadata. */
  async renew(sizeBytes: number): Promise<void> {
    await this.down();
    await this.sh("dmesg -c >/dev/null");
    for (const [file, bytes] of [
      [this.file, sizeBytes],
      [this.otherFile, otherBytes],
    ] as const) {
      truncateSync(file, 0);
      truncateSync(file, bytes);
      createMetadata(file);
    }
    await this.#forgetDisk();
  }

  /** Its disk becomes a copy of an image of the same size. */
  async takeDisk(image: string): Promise<void> {
    writeFileSync(this.file, readFileSync(image));
    await this.#forgetDisk();
  }

  /** After the image has been changed from outside: nothing of it is cached in the guest. */
  async #forgetDisk(): Promise<void> {
    await this.sh("blockdev --flushbufs /dev/vda /dev/vdb; echo 3 >/proc/sys/vm/drop_caches");
  }

  /** Its resource is taken down. */
  async down(): Promise<void> {
    const isUp = 'grep "^ *0: cs:" /proc/drbd | grep -v Unconfigured';
    await this.#insist("drbdsetup down r0", `! ${isUp}`);
  }

  /** It waits for no peer any more. */
  async disconnect(): Promise<void> {
    await this.#insist(await this.#scriptOf("disconnect"), "grep 0:.cs:StandAlone /proc/drbd");
  }

  /** In the middle of a handshake, or of the end of a connection, the kernel refuses; a little later it does not. */
  #insist(script: string, isDone: string): Promise<string> {
    return this.sh(`for i in $(seq ${looks}); do
      ${isDone} >/dev/null && exit 0
      ${script}; usleep 50000
    done
    cat /proc/drbd; exit 1`);
  }

  async configure(choices: KernelChoices): Promise<void> {
    const { peerPort, more, metaDisk = "internal" } = choices;
    const first = `device ${device} minor 0; disk /dev/vda; meta-disk ${metaDisk};`;
    const second = "volume 1 { device /dev/drbd1 minor 1; disk /dev/vdb; meta-disk internal; }";
    const disk = choices.secondDisk === true ? `volume 0 { ${first} } ${second}` : first;
    const text = `global { usage-count no; }
      resource r0 {
        ${more}
        on one { ${disk} address ${peerAddress}:${peerPort}; }
        on two { ${disk} address ${guestAddress}:${drbdPort}; }
      }`;
    writeFileSync(this.#configFile, text);
    await this.sh(`cat >/etc/drbd.conf <<'END'\n${text}\nEND\n`);
  }

  /** drbdadm SUBCOMMAND r0; it has to succeed. */
  async drbdadm(subcommand: string): Promise<string> {
    return this.sh(await this.#scriptOf(subcommand));
  }

  /** The same, without judging how it ends. */
  async attempt(subcommand: string): Promise<ScriptOutcome> {
    return this.run(await this.#scriptOf(subcommand));
  }

  /** Until the line of the volume in /proc/drbd matches (extended regular expression). */
  async until(pattern: string): Promise<void> {
    await this.untilSucceeds(`grep -qE '${pattern}' /proc/drbd`);
  }

  /** Until a command of the guest ends with 0. */
  async untilSucceeds(command: string): Promise<void> {
    const { status, output } = await this.run(
      `i=0; until ${command}; do
        i=$((i+1)); [ $i -lt ${looks} ] || { cat /proc/drbd; exit 1; }
        usleep 50000
      done`,
    );
    assert.equal(status, 0, `the kernel never came to ${command}:\n${output}`);
  }

  /** Random bytes, acknowledged and flushed. */
  async write(at: { readonly offset: string; readonly blockSize: string; readonly count: number }) {
    const { offset, blockSize, count } = at;
    await this.sh(
      `dd if=/dev/urandom of=${device} bs=${blockSize} count=${count} seek=${offset} oflag=direct,seek_bytes conv=fsync`,
    );
  }

  /** MD5 of all that a reader of the volume gets; as Primary. */
  async sum(): Promise<string> {
    const line = await this.sh(`md5sum <${device}`);
    return line.split(" ")[0] ?? "";
  }

  /** The kernel's log since the last `renew`. */
  log(): Promise<string> {
    return this.sh("dmesg | grep -i drbd || true");
  }

  data(lengthBytes: number): Buffer {
    return readFileSync(this.file).subarray(0, lengthBytes);
  }

  /**
   * drbdadm itself says, in a dry run here, what it would call: emulated, it and the programs between take far longer than
   * what they call.
   */
  async #scriptOf(subcommand: string): Promise<string> {
    if (!doneByDrbdsetup.includes(subcommand)) return `drbdadm ${subcommand} r0`;
    const dryRun = ["/lib/drbd/drbdadm-84", "-c", this.#configFile, "-d", subcommand, "r0"];
    const { status, stdout, stderr } = await runProgram("env", ["__DRBD_NODE__=two", ...dryRun]);
    const calls = stdout.split("\n").filter((line) => line.startsWith(`${drbdsetup} `));
    assert.ok(status === 0 && calls.length > 0, stdout + stderr);
    return calls.join(" && ");
  }

  #booted(): DrbdGuest {
    assert.ok(this.#guest !== undefined, "it is booted before it is used");
    return this.#guest;
  }
}
