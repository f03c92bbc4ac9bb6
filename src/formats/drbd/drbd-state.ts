/**
 * The fields of DRBD's state, numbered as on the wire: the order of the numbers carries meaning
 * (`conn < Connected`, `disk >= Negotiating`), so they are numbers here too.
 */
export const Role = { Unknown: 0, Primary: 1, Secondary: 2 } as const;
export type Role = (typeof Role)[keyof typeof Role];

export const Conn = {
  StandAlone: 0,
  Disconnecting: 1,
  Unconnected: 2,
  Timeout: 3,
  BrokenPipe: 4,
  NetworkFailure: 5,
  ProtocolError: 6,
  TearDown: 7,
  WFConnection: 8,
  WFReportParams: 9,
  Connected: 10,
  StartingSyncS: 11,
  StartingSyncT: 12,
  WFBitMapS: 13,
  WFBitMapT: 14,
  WFSyncUUID: 15,
  SyncSource: 16,
  SyncTarget: 17,
  VerifyS: 18,
  VerifyT: 19,
  PausedSyncS: 20,
  PausedSyncT: 21,
  Ahead: 22,
  Behind: 23,
} as const;
export type Conn = (typeof Conn)[keyof typeof Conn];

export const Disk = {
  Diskless: 0,
  Attaching: 1,
  Failed: 2,
  Negotiating: 3,
  Inconsistent: 4,
  Outdated: 5,
  DUnknown: 6,
  Consistent: 7,
  UpToDate: 8,
} as const;
export type Disk = (typeof Disk)[keyof typeof Disk];

/** One volume as one node sees it. */
export type DrbdState = {
  readonly role: Role;
  readonly peer: Role;
  readonly conn: Conn;
  readonly disk: Disk;
  /** The peer's disk, as known here. */
  readonly pdsk: Disk;
  /** I/O suspended by the administrator. */
  readonly susp: boolean;
  /** Resync paused here: it waits for another resource's. */
  readonly aftrIsp: boolean;
  /** Resync paused by the peer. */
  readonly peerIsp: boolean;
  /** Resync paused by this node's administrator. */
  readonly userIsp: boolean;
  /** I/O suspended: no UpToDate data can be reached. */
  readonly suspNod: boolean;
  /** I/O suspended: fencing in progress. */
  readonly suspFen: boolean;
};

const roleNames = namesOf(Role);
const connNames = namesOf(Conn);
const diskNames = namesOf(Disk);

export function roleName(role: Role): string {
  return roleNames[role] ?? `role ${role}`;
}

export function connName(conn: Conn): string {
  return connNames[conn] ?? `conn ${conn}`;
}

export function diskName(disk: Disk): string {
  return diskNames[disk] ?? `disk ${disk}`;
}

function namesOf(table: Readonly<Record<string, number>>): readonly string[] {
  const names: string[] = [];
  for (const [name, number] of Object.entries(table)) names[number] = name;
  return names;
}
