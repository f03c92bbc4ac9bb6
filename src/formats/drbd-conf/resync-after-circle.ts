/**
 * resync-after from volume to volume: one that leads back to where it began would have each of them wait for the next,
 * for ever. (DRBD's words for it: "This would cause a resync-after dependency cycle".)
 */
export type VolumeName = { readonly resource: string; readonly volume: number };

/** What a resource's volumes name, by the number of the volume; undefined: nothing is known of the resource. */
export type ResyncAfterOf = (
  resource: string,
) => ReadonlyMap<number, VolumeName | undefined> | undefined;

/** Where it leads. A resource of which nothing is known ends it: nobody waits for what is not there. */
export type ResyncAfterWay =
  | { readonly kind: "ends" }
  /** As far as this resource, which has still to be looked at. */
  | { readonly kind: "unknown"; readonly resource: string }
  /** All volumes of the circle, from the one asked about, which comes again at the end. */
  | { readonly kind: "circle"; readonly volumes: readonly VolumeName[] };

export function followResyncAfter(from: VolumeName, afterOf: ResyncAfterOf): ResyncAfterWay {
  const volumes: VolumeName[] = [from];
  for (let at = from; ; ) {
    const known = afterOf(at.resource);
    if (known === undefined) return { kind: "unknown", resource: at.resource };
    const next = known.get(at.volume);
    // One that runs into a circle of others waits with them; that circle is theirs.
    const isTheirs = volumes.slice(1).some((each) => same(each, next));
    if (next === undefined || isTheirs) return { kind: "ends" };
    volumes.push(next);
    if (same(next, from)) return { kind: "circle", volumes };
    at = next;
  }
}

/** `r0/0 -> r1/0 -> r0/0`, as people say it: each waits for the next. */
export function describeCircle(volumes: readonly VolumeName[]): string {
  return volumes.map(({ resource, volume }) => `${resource}/${volume}`).join(" -> ");
}

function same(one: VolumeName, other: VolumeName | undefined): boolean {
  return one.resource === other?.resource && one.volume === other.volume;
}
