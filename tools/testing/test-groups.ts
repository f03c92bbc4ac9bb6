/** The kinds of tests (docs/TESTING.md), in the order in which they run: what is quick and tells most comes first. */
import { globSync } from "node:fs";

export type TestGroup = {
  readonly name: string;
  /** In the order in which they start. */
  readonly files: readonly string[];
  /** How many files run at once. */
  readonly concurrency: number;
  /** A file that takes longer has hung. */
  readonly fileLimitMs: number;
};

type Kind = Omit<TestGroup, "files"> & {
  readonly globs: readonly string[];
  /**
   * Paths whose files start before the others, in this order: the longest first, since a long file that starts last has
   * one processor wait for the other.
   */
  readonly first?: readonly string[];
};

const minute = 60_000;
const kinds: readonly Kind[] = [
  {
    name: "unit",
    globs: ["src/**", "lab/**", "tools/**"],
    first: ["tools/", "src/cli/"],
    concurrency: 2,
    fileLimitMs: 5 * minute,
  },
  {
    name: "simulation",
    globs: ["sim/**", "test/scenarios/**", "test/replication-scenarios/**"],
    first: ["test/scenarios/", "sim/replication/simulation", "test/replication-scenarios/"],
    concurrency: 2,
    fileLimitMs: 10 * minute,
  },
  { name: "contracts", globs: ["test/contracts/**"], concurrency: 2, fileLimitMs: 5 * minute },
  {
    name: "compatibility",
    globs: ["test/compat/**", "test/conformance/**"],
    first: ["test/compat/crm-", "test/compat/drbdadm-adjust", "test/compat/drbdmeta"],
    concurrency: 2,
    fileLimitMs: 10 * minute,
  },
  {
    name: "drbd-kernel",
    globs: ["test/drbd-kernel/**"],
    first: ["test/drbd-kernel/split-brain", "test/drbd-kernel/sync", "test/drbd-kernel/engine"],
    concurrency: 2,
    fileLimitMs: 15 * minute,
  },
  { name: "fuzz", globs: ["test/fuzz/**"], concurrency: 2, fileLimitMs: 10 * minute },
  // What is left of its lab is looked for among all that the machine has: it has the machine for itself.
  { name: "demo", globs: ["test/system/demo/**"], concurrency: 1, fileLimitMs: 15 * minute },
  {
    name: "system",
    globs: ["test/system/!(demo)/**"],
    first: [
      "test/system/cluster/power-cut",
      "test/system/cluster/daily-work",
      "test/system/disk/restart-under-guest",
      "test/system/guests/",
    ],
    concurrency: 2,
    fileLimitMs: 15 * minute,
  },
];

/** The beginnings of paths of those that start first, of all kinds. */
export const startingFirst: readonly string[] = kinds.flatMap(({ first = [] }) => first);

/** Everything under test/ that no kind names would never run: it counts as "other". */
export function testGroups(root: string): readonly TestGroup[] {
  const filesOf = (globs: readonly string[]): readonly string[] =>
    globSync(
      globs.map((glob) => `${glob}/*.test.ts`),
      { cwd: root },
    ).sort();
  const groups = kinds.map(({ globs, first = [], ...kind }) => ({
    ...kind,
    files: startingWith(first, filesOf(globs)),
  }));
  const known = new Set(groups.flatMap((group) => group.files));
  const others = filesOf(["test/**", "bench/**"]).filter((file) => !known.has(file));
  const rest = { name: "other", files: others, concurrency: 2, fileLimitMs: 10 * minute };
  return [...groups, rest].filter((group) => group.files.length > 0);
}

function startingWith(first: readonly string[], files: readonly string[]): readonly string[] {
  const early = first.flatMap((start) => files.filter((file) => file.startsWith(start)));
  return [...new Set([...early, ...files])];
}

/** @param words names of groups, or paths or parts of paths of test files; none means all. */
export function chooseTests(
  groups: readonly TestGroup[],
  words: readonly string[],
): readonly TestGroup[] {
  if (words.length === 0) return groups;
  return groups
    .map((group) => ({
      ...group,
      files: words.includes(group.name)
        ? group.files
        : group.files.filter((file) => words.some((word) => file.includes(word))),
    }))
    .filter((group) => group.files.length > 0);
}
