/** DRBD's results of a state change, as they go over the wire and as its tools print them. */
export const StateCode = {
  Success: 1,
  NothingToDo: 2,
  UnknownError: 0,
  TwoPrimaries: -1,
  NoUpToDateDisk: -2,
  NoLocalDisk: -4,
  NoRemoteDisk: -5,
  ConnectedOutdates: -6,
  PrimaryNop: -7,
  ResyncRunning: -8,
  AlreadyStandAlone: -9,
  RefusedByPeer: -10,
  IsDiskless: -11,
  DeviceInUse: -12,
  NoNetConfig: -13,
  NoVerifyAlg: -14,
  NeedConnection: -15,
  LowerThanOutdated: -16,
  NotSupported: -17,
  InTransientState: -18,
  ConcurrentStateChange: -19,
  OtherVolumePeerPrimary: -20,
  NoGracefulOutdate: -21,
} as const;
export type StateCode = (typeof StateCode)[keyof typeof StateCode];

const texts: Readonly<Record<string, string>> = {
  "0": "State change failed",
  "-1": "Multiple primaries not allowed by config",
  "-2": "Need access to UpToDate data",
  "-4": "Can not resync without local disk",
  "-5": "Can not resync without remote disk",
  "-6": "Refusing to be Outdated while Connected",
  "-7": "Refusing to be Primary while peer is not outdated",
  "-8": "Can not start OV/resync since it is already active",
  "-9": "Can not disconnect a StandAlone device",
  "-10": "State change was refused by peer node",
  "-11": "Device is diskless, the requested operation requires a disk",
  "-12": "Device is held open by someone",
  "-13": "Have no net/connection configuration",
  "-14": "Need a verify algorithm to start online verify",
  "-15": "Need a connection to start verify or resync",
  "-16": "Disk state is lower than outdated",
  "-17": "Peer does not support protocol",
  "-18": "In transient state, retry after next state change",
  "-19": "Concurrent state changes detected and aborted",
  "-20": "Other vol primary on peer not allowed by config",
  "-21": "Need a connection for a graceful disconnect/outdate peer",
};

export function stateCodeText(code: number): string {
  return texts[String(code)] ?? `State change failed (${code})`;
}
