/**
 * Guests without a hypervisor: GuestDriver as a few facts about each host, for simulations and quick tests. It keeps
 * the contract of the real one (test/contracts/guest-driver.ts). What must never be, one guest executing on two hosts,
 * is written down when it happens.
 */

import { type DiskSource, drbdResourcesOf, type Guest } from "../../src/agents/guest/guest.ts";
import type {
  GuestDriver,
  GuestState,
  MigrationOffer,
  Reception,
  ReceptionAddress,
  SendControl,
  SendOutcome,
} from "../../src/agents/guest/guest-driver.ts";
import { err, ok, type Result } from "../../src/base/result.ts";
import type { VolumeExport, Volumes } from "../../src/ports/volumes.ts";

/** A host's volumes as a guest's process uses them. */
export type OpenVolumes = Pick<Volumes, "nbdExport"> & {
  /** Whether an export can be opened now; if so it is held open until closed. */
  open(wanted: VolumeExport): boolean;
  closed(was: VolumeExport): void;
};

type Present = {
  readonly guest: Guest;
  /** Changes with every power-on: what a guest's own boot id shows. */
  image: number | undefined;
  does: "runs" | "paused" | "has no disk" | "stuck" | "waits" | "is halted" | "is killed";
  /** Its process does not answer, and nothing of it executes. */
  frozen: boolean;
  /** How its process can be killed no more. */
  unkillable: boolean;
  /** Killed it executes nothing, but its process does not end. */
  lingers: boolean;
  /** Whether its system heeds the power button. */
  heedsPower: boolean;
  readonly exports: readonly VolumeExport[];
  /** Set while it waits for a memory. */
  readonly arrival: { readonly id: string; settle(arrived: boolean): void } | undefined;
};

/** All hosts, and the network between them. */
export class SimulatedGuests {
  readonly violations: string[] = [];
  /** Pairs "from to" between which nothing gets through. */
  readonly cut: Set<string> = new Set();
  /** Faults that the next hand-over meets: the target has the memory, and the source does not learn of it. */
  readonly faults: Set<"acknowledgement-lost"> = new Set();
  readonly #hosts = new Map<string, SimulatedHost>();
  #lastImage = 0;

  addHost(name: string, volumes: OpenVolumes): SimulatedHost {
    const host = new SimulatedHost(this, name, volumes);
    this.#hosts.set(name, host);
    return host;
  }

  newImage(): number {
    return ++this.#lastImage;
  }

  /** The host at an address, if it can be reached. */
  reach(from: string, address: string | undefined): SimulatedHost | undefined {
    return this.cut.has(`${from} ${address}`) ? undefined : this.#hosts.get(address ?? "");
  }

  /** To be called after whatever may have made a guest execute. */
  check(guest: string): void {
    const where = [...this.#hosts.values()].filter((host) => host.executes(guest));
    if (where.length > 1)
      this.violations.push(`${guest} executes on ${where.map(({ name }) => name).join(" and ")}`);
  }
}

export class SimulatedHost {
  readonly name: string;
  readonly driver: GuestDriver;
  /** Sentences with which the next creations fail. */
  readonly failingCreations: string[] = [];
  readonly #all: SimulatedGuests;
  readonly #volumes: OpenVolumes;
  readonly #present = new Map<string, Present>();

  constructor(all: SimulatedGuests, name: string, volumes: OpenVolumes) {
    this.#all = all;
    this.name = name;
    this.#volumes = volumes;
    this.driver = this.#makeDriver();
  }

  executes(guest: string): boolean {
    const here = this.#present.get(guest);
    return here?.does === "runs" && !here.frozen;
  }

  /** Which power-on of the guest this is. */
  image(guest: string): number | undefined {
    return this.#present.get(guest)?.image;
  }

  /** It waits here for its memory. */
  isArriving(guest: string): boolean {
    return this.#present.get(guest)?.does === "waits";
  }

  /** Changes how a guest that is here behaves. */
  disturb(
    guest: string,
    how: Partial<Pick<Present, "does" | "frozen" | "unkillable" | "lingers" | "heedsPower">>,
  ): void {
    const here = this.#present.get(guest);
    if (here !== undefined) Object.assign(here, how);
  }

  /** The guest's process ends without being asked. */
  crash(guest: string): void {
    const here = this.#present.get(guest);
    this.#present.delete(guest);
    for (const each of here?.exports ?? []) this.#volumes.closed(each);
    here?.arrival?.settle(false);
  }

  #makeDriver(): GuestDriver {
    return {
      name: "the simulated hypervisor",
      state: async (guest) => this.#state(guest),
      isGone: (guest) => !this.#present.has(guest),
      isKilled: (guest) => (this.#present.get(guest)?.does ?? "is killed") === "is killed",
      known: async (guest) => this.#present.get(guest)?.guest,
      prepare: async () => undefined,
      create: async (guest, stop) =>
        stop.aborted ? err(`the start of ${guest.name} was stopped`) : this.#create(guest),
      resume: async (guest) => this.#resume(guest),
      askShutdown: async (guest) => this.#askShutdown(guest),
      destroy: async (guest) => this.#destroy(guest),
      lastWords: async () => undefined,
      migration: {
        offer: async (guest) => this.#offer(guest),
        receive: async (offer, { address, id }) => this.#receive(offer, { address, id }),
        send: (guest, at, control) => this.#send(guest, at, control),
        release: async (guest) => this.#release(guest),
        settle: async (guest) => this.#settle(guest),
      },
    };
  }

  #state(guest: string): GuestState {
    const here = this.#present.get(guest);
    if (here === undefined) return { kind: "absent" };
    if (here.frozen && here.does !== "is killed")
      return { kind: "unanswering", why: "it is frozen" };
    switch (here.does) {
      case "runs":
        return { kind: "running" };
      case "paused":
        return { kind: "paused" };
      case "waits":
        return { kind: "arriving" };
      case "has no disk":
        return { kind: "disk-failed", why: "it is paused by an I/O error" };
      case "stuck":
      case "is halted":
        return { kind: "stuck", why: "it is halted" };
      case "is killed":
        return { kind: "killed" };
    }
  }

  #create(guest: Guest): Result<void> {
    const failure = this.failingCreations.shift();
    if (failure !== undefined) return err(failure);
    return this.#put(guest, { standby: false, arrival: undefined });
  }

  #put(
    guest: Guest,
    how: { readonly standby: boolean; readonly arrival: Present["arrival"] },
  ): Result<void> {
    if (this.#present.has(guest.name)) return err(`${guest.name} is here already`);
    const exports: VolumeExport[] = [];
    for (const resource of drbdResourcesOf(guest)) {
      const wanted = this.#volumes.nbdExport(resource, { standby: how.standby });
      if (this.#volumes.open(wanted)) {
        exports.push(wanted);
        continue;
      }
      for (const each of exports) this.#volumes.closed(each);
      return err(`${resource} can't be opened`);
    }
    this.#present.set(guest.name, {
      guest,
      image: how.standby ? undefined : this.#all.newImage(),
      does: how.standby ? "waits" : "runs",
      frozen: false,
      unkillable: false,
      lingers: false,
      heedsPower: true,
      exports,
      arrival: how.arrival,
    });
    this.#all.check(guest.name);
    return ok(undefined);
  }

  #resume(guest: string): Result<void> {
    const here = this.#present.get(guest);
    if (here?.does !== "has no disk") return err(`${guest} is not paused by its disk`);
    here.does = "runs";
    this.#all.check(guest);
    return ok(undefined);
  }

  #askShutdown(guest: string): Result<void> {
    const here = this.#present.get(guest);
    if (here === undefined || here.frozen) return err(`${guest} does not answer`);
    if (here.does === "paused") here.does = "runs";
    if (here.does === "runs" && here.heedsPower) this.crash(guest);
    return ok(undefined);
  }

  #destroy(guest: string): Result<void> {
    const here = this.#present.get(guest);
    if (here?.unkillable === true) return err(`${guest} can't be killed`);
    if (here?.lingers === true) {
      here.does = "is killed";
      return err(`the process of ${guest} does not end`);
    }
    this.crash(guest);
    return ok(undefined);
  }

  #offer(guest: string): Result<MigrationOffer> {
    const here = this.#present.get(guest);
    return here === undefined
      ? err(`${guest} is not here`)
      : ok({ guest: here.guest, machine: {} });
  }

  #receive(
    { guest }: MigrationOffer,
    { address, id }: { readonly address: string; readonly id: string },
  ): Result<Reception> {
    const failure = this.failingCreations.shift();
    if (failure !== undefined) return err(failure);
    let settle: (arrived: boolean) => void = () => undefined;
    const arrived = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    const put = this.#put(guest, { standby: true, arrival: { id, settle } });
    return put.ok ? ok({ at: { address, id }, arrived }) : put;
  }

  async #send(guest: string, at: ReceptionAddress, control: SendControl): Promise<SendOutcome> {
    const here = this.#present.get(guest);
    const stay = (why: string): SendOutcome => {
      if (!this.#present.has(guest)) return { kind: "unclear", why: `${guest} ended` };
      if (here !== undefined) here.does = "runs";
      this.#all.check(guest);
      return { kind: "stayed", why };
    };
    if (here?.does !== "runs") return { kind: "stayed", why: `${guest} does not run` };
    if (this.#waiting(guest, at) === undefined) return stay("the target can't be reached");
    here.does = "is halted";
    const objection = await control.beforeHandOver();
    if (objection !== undefined) return stay(objection);
    if (control.stop.aborted) return stay("it was stopped");
    const there = this.#waiting(guest, at);
    if (there === undefined || !this.#present.has(guest)) return stay("the target was lost");
    there.image = here.image;
    there.arrival?.settle(true);
    if (this.#all.faults.delete("acknowledgement-lost"))
      return stay("the target did not acknowledge");
    // From here on nothing makes it execute on this host.
    return this.#destroy(guest).ok
      ? { kind: "departed" }
      : { kind: "unclear", why: `${guest} can't be killed` };
  }

  #waiting(guest: string, at: ReceptionAddress): Present | undefined {
    const host = this.#all.reach(this.name, at["address"]);
    const there = host === undefined ? undefined : host.#present.get(guest);
    return there?.arrival !== undefined && there.arrival.id === at["id"] && there.does === "waits"
      ? there
      : undefined;
  }

  #release(guest: string): Result<void> {
    const here = this.#present.get(guest);
    if (here?.does !== "waits" || here.image === undefined)
      return err(`no memory of ${guest} has arrived here`);
    here.does = "runs";
    this.#all.check(guest);
    return ok(undefined);
  }

  #settle(guest: string): Result<void> {
    const here = this.#present.get(guest);
    if (here?.does === "waits") return this.#destroy(guest);
    if (here?.does === "is halted") here.does = "runs";
    return ok(undefined);
  }
}

/** For worlds that make guests up. */
export function simulatedGuest(name: string, resources: readonly string[]): Guest {
  return {
    name,
    kernel: "/boot/vmlinuz",
    memoryMib: 64,
    vcpus: 1,
    commandLine: "",
    disks: resources.map((resource, i) => {
      const source: DiskSource = { kind: "drbd", resource };
      return { vdev: `xvd${"abcdefgh"[i] ?? "z"}`, readOnly: false, source };
    }),
    nics: [],
    onReboot: "restart",
    onCrash: "destroy",
    migratable: true,
  };
}
