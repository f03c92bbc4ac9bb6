/**
 * One DRBD resource between a disk server of this machine ("one", ours) and the kernel's DRBD in a guest ("two"), with
 * a tap on the wire between them.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { runProgram } from "../disk/programs.ts";
import { freePorts, isInSync, PairNode } from "../disk/server-pair.ts";
import type { KernelNode } from "./kernel-node.ts";
import { WireTap } from "./wire-tap.ts";

/** Of both disks. The guest sees its disk in the size that it has when it boots. */
export const sizeBytes: number = 16 * 1024 * 1024;
const blockBytes = 4096;

/**
 * A cut is noticed within seconds, and emulation is slow: a ping has two. Without a socket-check-timeout the two sockets
 * would be watched for a ping-timeout before they are used.
 */
const timing = "connect-int 1; ping-int 1; timeout 9; socket-check-timeout 1;";
const quick = "ping-timeout 20;";
const patient = "ping-timeout 150; ko-count 200;";

export type PairChoices = {
  /** Lines inside `net { }` and `disk { }` of both. */
  readonly net?: string;
  readonly disk?: string;
  /** Of resyncs, in drbd.conf's words, instead of one that is no limit. */
  readonly resyncRate?: string;
  /** Lines inside `net { }` of one side only. */
  readonly oursNet?: string;
  readonly kernelNet?: string;
  /** The words of `meta-disk`, on each side: internal when not given. */
  readonly oursMeta?: string;
  readonly kernelMeta?: string;
  /** Both have a volume 1, too. */
  readonly twoVolumes?: boolean;
  /**
   * A connection outlasts many seconds of silence: for a test that holds back what is sent, or counts what one connection
   * has sent. A second Primary is then refused as late.
   */
  readonly isPatient?: boolean;
};

type Ports = {
  readonly own: number;
  /** Where each finds the other: at the tap. */
  readonly toKernel: number;
  readonly toOurs: number;
};

export class KernelPair {
  readonly kernel: KernelNode;
  readonly tap: WireTap;
  /** The disk server. */
  ours: PairNode;
  readonly #directory: string;
  readonly #ports: Ports;

  /** New disks, and nothing is up. */
  static async make(kernel: KernelNode, choices: PairChoices): Promise<KernelPair> {
    const tap = new WireTap();
    const [own] = await freePorts();
    const toKernel = await tap.open("ours", kernel.port);
    const toOurs = await tap.open("kernel", own);
    const pair = new KernelPair({ kernel, tap, ports: { own, toKernel, toOurs } }, choices);
    await kernel.renew(sizeBytes);
    await pair.configureKernel(choices);
    return pair;
  }

  private constructor(
    parts: { readonly kernel: KernelNode; readonly tap: WireTap; readonly ports: Ports },
    choices: PairChoices,
  ) {
    this.kernel = parts.kernel;
    this.tap = parts.tap;
    this.#ports = parts.ports;
    this.#directory = mkdtempSync("/tmp/hf-kernel-pair-");
    this.ours = this.#newServer(choices, false);
  }

  async close(): Promise<void> {
    await this.ours.kill();
    this.tap.close();
    await this.kernel.run("drbdsetup down r0");
    rmSync(this.#directory, { recursive: true });
  }

  /** Changes the net options of both while they run. */
  async adjust(choices: PairChoices): Promise<void> {
    await this.configureKernel(choices);
    await this.kernel.drbdadm("adjust");
    await this.ours.adjust(this.oursOptions(choices));
  }

  /** The sections of our drbd.conf. */
  oursOptions(choices: PairChoices): string {
    return sections(choices, choices.oursNet);
  }

  configureKernel(choices: PairChoices): Promise<void> {
    const more = sections(choices, choices.kernelNet);
    const { kernelMeta } = choices;
    return this.kernel.configure({
      ...{ peerPort: this.#ports.toOurs, more, secondDisk: choices.twoVolumes === true },
      ...(kernelMeta === undefined ? {} : { metaDisk: kernelMeta }),
    });
  }

  /** The disk server ends at once, and another takes its disk; it is not up. */
  async replaceServer(choices: PairChoices): Promise<void> {
    await this.ours.kill();
    this.ours = this.#newServer(choices, true);
  }

  /** The kernel's disk, metadata and all, becomes ours as well; both are down. */
  async takeKernelsDisk(choices: PairChoices): Promise<void> {
    await this.ours.kill();
    copyFileSync(this.kernel.file, this.ours.file);
    await this.replaceServer(choices);
  }

  /** The other way round. */
  async giveKernelOurDisk(): Promise<void> {
    await this.kernel.takeDisk(this.ours.file);
  }

  /** The kernel's node gets power again; its resource is not up. */
  async bootKernel(choices: PairChoices): Promise<void> {
    await this.kernel.boot();
    await this.configureKernel(choices);
  }

  /** Attached and connected on both sides; no disk is UpToDate if they are new. */
  async connect(): Promise<void> {
    await Promise.all([this.ours.up(), this.kernel.drbdadm("up")]);
    await this.connected();
  }

  async connected(): Promise<void> {
    await this.kernel.until("cs:Connected");
    await this.ours.until(({ volumes }) => volumes[0]?.connectionState === "Connected");
  }

  /** Until at least one has refused the other for good. */
  async oneIsAlone(): Promise<void> {
    while ((await this.ours.status()).connection.state !== "StandAlone") {
      const seen = await this.kernel.sh("usleep 50000; cat /proc/drbd");
      if (seen.includes("cs:StandAlone")) return;
    }
  }

  /** Connected, and both UpToDate without a first sync. */
  async bringUp(): Promise<void> {
    await this.connect();
    await this.kernel.sh("drbdadm new-current-uuid --clear-bitmap r0/0");
    await this.inSync();
  }

  async inSync(): Promise<void> {
    await this.ours.until(isInSync);
    await this.kernel.until("cs:Connected .* ds:UpToDate/UpToDate");
  }

  /** Runs qemu-io's commands on the disk server's volume; all have to succeed. */
  async io(...commands: readonly string[]): Promise<void> {
    const words = commands.flatMap((command) => ["-c", command]);
    // As a guest's disk has it; otherwise each write would force unit access.
    const cached = ["-f", "raw", "-t", "writeback"];
    const ran = await runProgram("qemu-io", [...cached, ...words, this.ours.uri()]);
    assert.equal(ran.status, 0, ran.stdout + ran.stderr);
    assert.doesNotMatch(ran.stdout, /fail|error/i);
  }

  /** MD5 of all that a reader of our volume gets; as Primary. */
  async ourSum(): Promise<string> {
    const copy = path.join(this.#directory, "copy");
    const ran = await runProgram("nbdcopy", [this.ours.uri(), copy]);
    assert.equal(ran.status, 0, ran.stderr);
    return createHash("md5").update(readFileSync(copy)).digest("hex");
  }

  /** Our data area and the kernel's, byte for byte. */
  async assertSameData(): Promise<void> {
    const [volume] = (await this.ours.status()).volumes;
    const lengthBytes = (volume?.sizeKib ?? 0) * 1024;
    assert.ok(lengthBytes > 0);
    const ours = readFileSync(this.ours.file).subarray(0, lengthBytes);
    const theirs = this.kernel.data(lengthBytes);
    assert.equal(firstDifference(ours, theirs), undefined, "both copies are equal");
  }

  /** What a person would look at when a test has failed. */
  async report(): Promise<string> {
    return [
      "--- ours",
      this.ours.log().split("\n").slice(-30).join("\n"),
      "--- kernel",
      await this.kernel.log().then((text) => text.split("\n").slice(-40).join("\n"), String),
      "--- wire",
      this.tap.tail(40),
    ].join("\n");
  }

  #newServer(choices: PairChoices, keepDisk: boolean): PairNode {
    return new PairNode({
      directory: this.#directory,
      host: "one",
      ports: [this.#ports.own, this.#ports.toKernel],
      sizeBytes,
      more: this.oursOptions(choices),
      keepDisk,
      secondDisk: choices.twoVolumes === true,
      ...(choices.oursMeta === undefined ? {} : { metaDisk: choices.oursMeta }),
    });
  }
}

function sections(choices: PairChoices, sideNet = ""): string {
  const { net = "", disk = "", resyncRate = "400M", isPatient = false } = choices;
  const waits = `${timing} ${isPatient ? patient : quick}`;
  // A fixed rate: the kernel's controller would begin slowly, feel its way, and give way to whatever else the disk does.
  return `disk { c-plan-ahead 0; resync-rate ${resyncRate}; c-max-rate 1G; c-min-rate 0; ${disk} } net { ${waits} ${net} ${sideNet} }`;
}

/** The offset in bytes of the first block that differs. */
function firstDifference(a: Buffer, b: Buffer): number | undefined {
  assert.equal(a.length, b.length);
  for (let at = 0; at < a.length; at += blockBytes) {
    if (!a.subarray(at, at + blockBytes).equals(b.subarray(at, at + blockBytes))) return at;
  }
  return undefined;
}
