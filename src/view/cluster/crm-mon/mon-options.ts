/** What crm_mon shows. */

export const monSections = [
  "stack",
  "dc",
  "times",
  "counts",
  "options",
  "nodes",
  "resources",
  "attributes",
  "failcounts",
  "operations",
  "failures",
  "fencing",
  "tickets",
  "bans",
] as const;

export type MonSection = (typeof monSections)[number];

export type MonOptions = {
  readonly sections: ReadonlySet<MonSection>;
  readonly inactive: boolean;
  readonly groupByNode: boolean;
  readonly brief: boolean;
  /** Ids of nodes, feature sets, technical details of failures. */
  readonly detail: boolean;
  /** Times of the operations. */
  readonly timing: boolean;
  /** 0 off, 1 failures and what is under way, 2 also the latest successes, 3 all. */
  readonly fenceHistory: number;
  /** Only bans whose id begins so. */
  readonly banPrefix: string;
  readonly onlyNode: string | undefined;
  readonly onlyResource: string | undefined;
};

/** The sections that are shown unless something else is asked for. */
export const usualSections: readonly MonSection[] = [
  "stack",
  "dc",
  "times",
  "counts",
  "nodes",
  "resources",
  "failures",
  "fencing",
];

export const usualOptions: MonOptions = {
  sections: new Set(usualSections),
  inactive: false,
  groupByNode: false,
  brief: false,
  detail: false,
  timing: false,
  fenceHistory: 1,
  banPrefix: "",
  onlyNode: undefined,
  onlyResource: undefined,
};
