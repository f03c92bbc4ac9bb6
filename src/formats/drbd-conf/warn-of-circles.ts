/** Says when volumes are to wait for one another's resync for ever. The file is read all the same, as drbdadm does. */
import type { Report } from "../config-text/report.ts";
import type { DrbdResourceConfig } from "./resource-config.ts";
import { describeCircle, followResyncAfter, type ResyncAfterOf } from "./resync-after-circle.ts";

export function warnOfCircles(resources: readonly DrbdResourceConfig[], report: Report): void {
  const after = new Map(
    resources.map(({ name, volumes }) => {
      return [name, new Map(volumes.map(({ number, options }) => [number, options.resyncAfter]))];
    }),
  );
  // One that this host does not run waits for nothing.
  const afterOf: ResyncAfterOf = (resource) => after.get(resource) ?? new Map();
  const told = new Set<string>();
  for (const { name: resource, volumes } of resources) {
    for (const { number: volume, set, place } of volumes) {
      const way = followResyncAfter({ resource, volume }, afterOf);
      if (way.kind !== "circle" || told.has(`${resource}/${volume}`)) continue;
      for (const each of way.volumes) told.add(`${each.resource}/${each.volume}`);
      report.warning("HF1070", {
        place: set.find(({ name }) => name === "resync-after")?.place ?? place,
        message: `\`resync-after\` leads in a circle: ${describeCircle(way.volumes)}; none of them would ever sync`,
        remedy: "Remove one of them: the last of these volumes cannot be attached.",
      });
    }
  }
}
