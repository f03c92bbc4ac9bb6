/** What ties a resource to nodes and to other resources: `crm_resource --constraints`. */

export type ResourceConstraints = {
  /** The one that they are of: the group or clone, where a part of it was asked for. */
  readonly resource: string;
  readonly locations: readonly LocationLine[];
  /** What it has to be with, and what those have to be with in turn. */
  readonly with: readonly ColocationLine[];
  /** What has to be with it, and so on. */
  readonly by: readonly ColocationLine[];
};

export type LocationLine = {
  readonly id: string;
  readonly resource: string;
  readonly node: string;
  /** 1000000 is infinite. */
  readonly score: number;
  readonly role: string | undefined;
  /** When it ends by itself, as its rule says. */
  readonly until: string | undefined;
};

export type ColocationLine = {
  readonly id: string;
  readonly resource: string;
  readonly withResource: string;
  readonly score: number;
  readonly role: string | undefined;
  readonly withRole: string | undefined;
  readonly nodeAttribute: string | undefined;
  /** The other resource was told of already: it goes in a circle. */
  readonly isLoop: boolean;
  /** Of the other resource. */
  readonly locations: readonly LocationLine[];
  readonly further: readonly ColocationLine[];
};
