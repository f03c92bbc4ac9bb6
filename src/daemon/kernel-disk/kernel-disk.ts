/**
 * A resource of the kernel's DRBD, run by DRBD's own drbdsetup: what is asked of it by the control protocol becomes
 * the command that drbdadm would run for it. The kernel has the state; this keeps none but who has a volume open.
 */
import type { DiskAdjusted } from "../../api/disk-protocol.ts";
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { UserError } from "../../api/user-error.ts";
import type {
  DrbdResourceConfig,
  DrbdSetOption,
  DrbdVolumeConfig,
} from "../../formats/drbd-conf/resource-config.ts";
import {
  addressWords,
  attachWords,
  connectWords,
  metaWords,
  optionWords,
  setup,
} from "../../formats/drbd-conf/setup-words.ts";
import { restartReasons } from "../disk-server/adjust.ts";
import { askDrbdProgram } from "./drbd-programs.ts";
import type { KernelWatch } from "./kernel-watch.ts";

export class KernelDisk {
  config: DrbdResourceConfig;
  /** Whether allow-two-primaries was switched on for a migration. */
  twoPrimariesWindow = false;
  readonly #watch: KernelWatch;

  constructor(config: DrbdResourceConfig, watch: KernelWatch) {
    this.config = config;
    this.#watch = watch;
  }

  /** What the kernel has already is left as it is: it lives on when this process does not. */
  async make(): Promise<void> {
    const { name, set, volumes } = this.config;
    const there = await this.#watch.look();
    if (there === undefined)
      await this.#run(setup("new-resource", name, ...optionWords(set.options)));
    for (const { minor, number } of volumes) {
      if (!this.#watch.has(number)) await this.#run(setup("new-minor", name, minor, number));
    }
    await this.#watch.look();
  }

  async attach(number: number): Promise<void> {
    const volume = this.#volume(number);
    await this.#run(metaWords(volume, "apply-al"));
    await this.#run(attachWords(volume));
  }

  async connect(words: readonly string[]): Promise<void> {
    if (this.config.peer === undefined)
      throw new UserError("HF2144", `the configuration of ${this.config.name} names no peer`, {
        exit: 10,
      });
    await this.#run([...connectWords(this.config), ...words]);
  }

  async disconnect(force: boolean): Promise<void> {
    await this.#run(
      setup("disconnect", ...addressWords(this.config), ...(force ? ["--force"] : [])),
    );
  }

  /** The role is the resource's; drbdsetup wants it said of a volume. */
  async primary(force: boolean): Promise<void> {
    await this.#run(setup("primary", this.#first().minor, ...(force ? ["--force"] : [])));
  }

  async secondary(): Promise<void> {
    await this.#run(setup("secondary", this.#first().minor));
  }

  /** A command about one volume's minor. */
  async onVolume(command: string, number: number, words: readonly string[] = []): Promise<void> {
    await this.#run(setup(command, this.#volume(number).minor, ...words));
  }

  /** A command that the kernel wants said of each volume, though it is about the resource. */
  async onAll(command: string, words: readonly string[] = []): Promise<void> {
    for (const { minor } of this.config.volumes) await this.#run(setup(command, minor, ...words));
  }

  async moveWindow(open: boolean): Promise<void> {
    if (open && !this.config.net.allowTwoPrimaries)
      throw new UserError(
        "HF2140",
        "State change failed: (-1) allow-two-primaries is not configured",
        { exit: 11 },
      );
    const allow = `--allow-two-primaries=${open ? "yes" : "no"}`;
    await this.#run(setup("net-options", ...addressWords(this.config), allow));
    this.twoPrimariesWindow = open;
  }

  /** Takes over what can be changed while it runs. */
  async adjust(wanted: DrbdResourceConfig): Promise<DiskAdjusted> {
    const needsRestart = restartReasons(this.config, wanted);
    if (needsRestart.length > 0) return { changed: [], needsRestart };
    const changed: string[] = [];
    const old = this.config;
    this.config = wanted;
    if (differ(old.set.options, wanted.set.options)) {
      const words = optionWords(wanted.set.options);
      await this.#run(setup("resource-options", wanted.name, "--set-defaults", ...words));
      changed.push("options");
    }
    for (const volume of wanted.volumes) {
      const before = old.volumes.find((one) => one.number === volume.number);
      if (before === undefined || !differ(before.set, volume.set)) continue;
      if (!this.#isAttached(volume.number)) continue;
      const words = optionWords(volume.set);
      await this.#run(setup("disk-options", volume.minor, "--set-defaults", ...words));
      changed.push(`volume ${volume.number} disk`);
    }
    if (differ(old.set.net, wanted.set.net) && this.#isConnecting()) {
      const words = [...addressWords(wanted), "--set-defaults", ...optionWords(wanted.set.net)];
      await this.#run(setup("net-options", ...words));
      changed.push("net");
    }
    return { changed, needsRestart: [] };
  }

  /** Out of the kernel: demoted, disconnected, detached, deleted. */
  async down(): Promise<void> {
    await this.#run(setup("down", this.config.name));
  }

  async status(): Promise<DiskResourceStatus> {
    const status = await this.#watch.look();
    if (status !== undefined) return status;
    throw new UserError("HF2142", `the kernel does not have ${this.config.name} any more`, {
      exit: 10,
      remedy: `Somebody took it down beside Holdfast: drbdadm down ${this.config.name}, then up.`,
    });
  }

  async #run(words: readonly string[]): Promise<void> {
    try {
      await askDrbdProgram(words);
    } finally {
      this.#watch.lookSoon();
    }
  }

  #isAttached(number: number): boolean {
    const volume = this.#watch.status?.volumes.find((one) => one.volume === number);
    return volume !== undefined && volume.disk !== "Diskless";
  }

  #isConnecting(): boolean {
    return this.#watch.status?.connection.state !== "StandAlone";
  }

  #first(): DrbdVolumeConfig {
    return this.#volume(this.config.volumes[0]?.number ?? 0);
  }

  #volume(number: number): DrbdVolumeConfig {
    const volume = this.config.volumes.find((one) => one.number === number);
    if (volume !== undefined) return volume;
    throw new UserError("HF2142", `there is no volume ${number}`, { exit: 10 });
  }
}

function differ(one: readonly DrbdSetOption[], other: readonly DrbdSetOption[]): boolean {
  const words = (options: readonly DrbdSetOption[]): string =>
    optionWords(options).toSorted().join();
  return words(one) !== words(other);
}
