/** What `drbdsetup status --json` says of each DRBD resource, as far as the demo looks at it. */
export type DiskFigures = {
  readonly name: string;
  readonly outOfSyncKib: number;
  readonly sentKib: number;
  /** Both copies are UpToDate and no resync runs. */
  readonly settled: boolean;
};

export type ResyncFigures = Readonly<
  Record<string, { readonly kib_changed: number; readonly kib_sent: number }>
>;

/** @returns none when the text is not what the command prints. */
export function parseDiskFigures(json: string): readonly DiskFigures[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return [];
  }
  return Array.isArray(value) ? value.map((resource) => figuresOf(resource as Resource)) : [];
}

/** Whether a status tells of resources, and all of them are UpToDate on both sides. */
export function allSettled(json: string): boolean {
  const figures = parseDiskFigures(json);
  return figures.length > 0 && figures.every((one) => one.settled);
}

/** Between the moment before the lost host booted and the moment when all was in sync again. */
export function resyncFigures(
  before: readonly DiskFigures[],
  after: readonly DiskFigures[],
): ResyncFigures {
  return Object.fromEntries(
    before.map(({ name, outOfSyncKib, sentKib }) => {
      const later = after.find((one) => one.name === name);
      const sent = later === undefined ? 0 : later.sentKib - sentKib;
      return [name, { kib_changed: outOfSyncKib, kib_sent: Math.max(0, sent) }];
    }),
  );
}

type Resource = {
  readonly name?: string;
  readonly devices?: readonly { readonly "disk-state"?: string }[];
  readonly connections?: readonly {
    readonly peer_devices?: readonly {
      readonly "replication-state"?: string;
      readonly "peer-disk-state"?: string;
      readonly "out-of-sync"?: number;
      readonly sent?: number;
    }[];
  }[];
};

function figuresOf(resource: Resource): DiskFigures {
  const peers = (resource.connections ?? []).flatMap((one) => one.peer_devices ?? []);
  const sum = (values: readonly (number | undefined)[]): number =>
    values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const devices = resource.devices ?? [];
  return {
    name: resource.name ?? "",
    outOfSyncKib: sum(peers.map((peer) => peer["out-of-sync"])),
    sentKib: sum(peers.map((peer) => peer.sent)),
    settled:
      devices.length > 0 &&
      peers.length > 0 &&
      devices.every((device) => device["disk-state"] === "UpToDate") &&
      peers.every(
        (peer) =>
          peer["peer-disk-state"] === "UpToDate" && peer["replication-state"] === "Established",
      ),
  };
}
