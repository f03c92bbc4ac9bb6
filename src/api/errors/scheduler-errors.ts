/** Error codes HF42xx: the scheduler. */
export const schedulerErrors = {
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
  HF4213: "stays down: what it needs does not run",
  HF4214: "left alone: its ticket was lost",
} as const;
