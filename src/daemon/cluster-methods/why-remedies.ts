/** A reason of the scheduler's against a node -> the command that takes it away. */

type Remedy = {
  readonly reason: RegExp;
  readonly command: (resource: string, node: string) => string;
};

const remedies: readonly Remedy[] = [
  {
    reason: /constraint cli-(prefer|ban)-/,
    command: (resource) => `crm_resource --clear --resource ${resource}`,
  },
  { reason: /constraint holdfast-disk-/, command: () => "holdfast drbd status" },
  {
    reason: /migration-threshold|failed|start-failure-is-fatal/,
    command: (resource, node) => `crm_resource --cleanup --resource ${resource} --node ${node}`,
  },
  { reason: /not installed/, command: () => "Install the agent there, then clean up." },
  {
    reason: /shutdown-lock/,
    command: (resource) => `crm_resource --refresh --resource ${resource}`,
  },
];

/** Empty where there is none. */
export function remedyOf(reason: string, resource: string, node: string): string {
  return remedies.find((each) => each.reason.test(reason))?.command(resource, node) ?? "";
}
