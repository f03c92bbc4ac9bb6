/**
 * How a resource of the kernel's is: `drbdsetup events2` tells that something has changed, and then all of it is asked
 * for anew. So nothing is missed, whatever events are lost, and there is one reader of one form.
 */
import { readFileSync } from "node:fs";
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { parseEvents2Line } from "../../formats/drbd/events2-line.ts";
import { procProgress } from "../../formats/drbd/proc-drbd-progress.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { setup } from "../../formats/drbd-conf/setup-words.ts";
import {
  askDrbdProgram,
  type Followed,
  followDrbdProgram,
  runDrbdProgram,
} from "./drbd-programs.ts";
import { type KernelGeneration, parseGeneration } from "./kernel-generation.ts";
import { kernelObjects, kernelStatus } from "./kernel-status.ts";

/** How soon events2 is started again when it has ended. */
const restartMs = 1000;

export type WatchOptions = {
  readonly config: () => DrbdResourceConfig;
  readonly isOpen: (volume: number) => boolean;
  readonly twoPrimariesWindow: () => boolean;
  readonly changed: (status: DiskResourceStatus | undefined) => void;
  readonly trouble: (message: string) => void;
};

export class KernelWatch {
  readonly #options: WatchOptions;
  #status: DiskResourceStatus | undefined;
  #volumes: ReadonlySet<number> = new Set();
  #followed: Followed | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #isClosed = false;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** As it was last seen; undefined when the kernel does not have the resource. */
  get status(): DiskResourceStatus | undefined {
    return this.#status;
  }

  /** Whether the kernel had the volume at the last look. */
  has(volume: number): boolean {
    return this.#volumes.has(volume);
  }

  /** Resolves when it has been seen for the first time. @throws UserError when drbdsetup cannot be asked. */
  async start(): Promise<void> {
    await this.look();
    this.#follow();
  }

  /** Sees it as it is now, its counters as well. @throws UserError */
  async look(): Promise<DiskResourceStatus | undefined> {
    const { config, isOpen, twoPrimariesWindow } = this.#options;
    const { name, volumes } = config();
    const text = await askDrbdProgram(setup("events2", "all", "--now", "--statistics"));
    const lines = text.split("\n").flatMap((line) => {
      const parsed = parseEvents2Line(line);
      return parsed.ok ? [parsed.value] : [];
    });
    const objects = kernelObjects(lines, name);
    this.#volumes = new Set(objects.devices.keys());
    const generations = new Map<number, KernelGeneration>();
    for (const { number, minor } of volumes) {
      if ((objects.devices.get(number)?.get("disk") ?? "Diskless") === "Diskless") continue;
      const { stdout } = await runDrbdProgram(setup("get-gi", minor));
      const generation = parseGeneration(stdout);
      if (generation !== undefined) generations.set(number, generation);
    }
    this.#status = kernelStatus(objects, {
      config: config(),
      generations,
      progress: procProgress(procDrbd()),
      isOpen,
      twoPrimariesWindow: twoPrimariesWindow(),
    });
    return this.#status;
  }

  /** Something may have changed: it is looked at, once however often this is called meanwhile. */
  lookSoon(): void {
    if (this.#looking !== undefined) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = this.#lookAndTell().finally(() => {
      this.#looking = undefined;
      const again = this.#lookAgain;
      this.#lookAgain = false;
      if (again) this.lookSoon();
    });
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#followed?.end();
  }

  async #lookAndTell(): Promise<void> {
    try {
      await this.look();
    } catch (error) {
      // Doubt is told as it is: what the kernel says now is not known.
      this.#options.trouble(error instanceof Error ? error.message : String(error));
      return;
    }
    if (!this.#isClosed) this.#options.changed(this.#status);
  }

  #follow(): void {
    const { name } = this.#options.config();
    let isPast = false;
    this.#followed = followDrbdProgram(setup("events2", "all"), {
      line: (line) => {
        const parsed = parseEvents2Line(line);
        if (!parsed.ok) return;
        const event = parsed.value;
        if (event.kind === "end-of-exists") isPast = true;
        const isOthers = event.kind === "object" && event.fields.get("name") !== name;
        // Also at the end of what there is: something may have changed since the last look.
        if (isPast && !isOthers) this.lookSoon();
      },
      end: (why) => {
        if (this.#isClosed) return;
        this.#options.trouble(`events2: ${why}`);
        this.#timer = setTimeout(() => this.#follow(), restartMs);
      },
    });
  }
}

/** Empty where the module is DRBD 9, or none is loaded: progress is then not told. */
function procDrbd(): string {
  try {
    return readFileSync("/proc/drbd", "utf8");
  } catch {
    return "";
  }
}
