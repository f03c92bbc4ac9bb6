/**
 * The catalog of errors that people see. A code never changes its meaning; docs/guide/errors.md has an entry
 * for each, and tidy compares. Ranges: 1xxx configuration files, 2xxx replicated disks, 3xxx membership,
 * 4xxx CIB and scheduling, 5xxx agents and guests, 6xxx fencing, 7xxx lab and set-up, 9xxx bugs of ours.
 */
export type ErrorCode =
  | "HF4000"
  | "HF4001"
  | "HF4002"
  | "HF4003"
  | "HF4004"
  | "HF4005"
  | "HF4006"
  | "HF4007"
  | "HF4008"
  | "HF4009"
  | "HF4010"
  | "HF4011"
  | "HF4012"
  | "HF4013"
  | "HF4100"
  | "HF4101"
  | "HF4102"
  | "HF4103"
  | "HF4104"
  | "HF4105"
  | "HF4106"
  | "HF4107"
  | "HF4108"
  | "HF4109"
  | "HF4110"
  | "HF4111"
  | "HF4120"
  | "HF4121"
  | "HF4122"
  | "HF4123"
  | "HF4130"
  | "HF4131"
  | "HF4132"
  | "HF4200"
  | "HF4201"
  | "HF4202"
  | "HF4203"
  | "HF4204"
  | "HF4205"
  | "HF4206"
  | "HF4207"
  | "HF4208"
  | "HF4209"
  | "HF4210"
  | "HF4211"
  | "HF4212"
  | "HF9001"
  | "HF9002"
  | "HF9003";

export const errors: Readonly<Record<ErrorCode, string>> = {
  HF4000: "there is no such object in the CIB",
  HF4001: "an object of this name and id is in the CIB already",
  HF4002: "the CIB would not be valid",
  HF4003: "the change is older than the running CIB",
  HF4004: "the CIB is of a newer feature set than this version knows",
  HF4005: "the change makes no sense",
  HF4006: "the XPath expression is not understood",
  HF4007: "a patch does not fit the CIB",
  HF4008: "there is no such resource",
  HF4009: "there is no such node",
  HF4010: "the resource is already where it is to go",
  HF4011: "several things match where one is meant",
  HF4012: "a lifetime is no duration",
  HF4013: "a move or ban does not say from where",
  HF4100: "notice: a wrapper of Heartbeat's CIB was left out",
  HF4101: "notice: a name is spelled differently today",
  HF4102: "notice: an option moved to a section of defaults",
  HF4103: "notice: failure stickiness became a number of failures",
  HF4104: "notice: a parameter became a meta attribute",
  HF4105: "notice: an attribute of a resource became a meta attribute",
  HF4106: "notice: prereq of an operation was left out or moved",
  HF4107: "notice: a value has another spelling today",
  HF4108: "notice: what Heartbeat meant by leaving it out was written down",
  HF4109: "notice: what has no effect was left out, or nothing runs it",
  HF4110: "notice: an element has another form today",
  HF4111: "notice: an id was changed",
  HF4120: "notice: guests may move without need",
  HF4121: "notice: fencing is off: two guests may run",
  HF4122: "notice: a node without quorum stops its guests",
  HF4123: "notice: failures are never forgotten",
  HF4130: "notice: a parameter was set as the meta attribute that it means",
  HF4131: "notice: a move or ban left a constraint",
  HF4132: "notice: a constraint of an earlier move was taken out",
  HF4200: "stays down: the resource was removed",
  HF4201: "stays down: target-role says so",
  HF4202: "stays down: stop-all-resources is set",
  HF4203: "left alone: maintenance",
  HF4204: "left alone: the resource is not managed",
  HF4205: "left alone: a failure blocks the resource",
  HF4206: "nothing is started: there is no fence device",
  HF4207: "stays down: no quorum",
  HF4208: "stays down: no node can run the resource",
  HF4209: "stays down: it may run on a node that cannot be fenced",
  HF4210: "stays down: what must come first cannot be done",
  HF4211: "stays down: more instances than are to run",
  HF4212: "stays down",
  HF9001: "internal error: an assertion of Holdfast's own failed",
  HF9002: "the daemon does not answer",
  HF9003: "the request is not understood",
};
