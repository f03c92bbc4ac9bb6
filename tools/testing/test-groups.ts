/** The kinds of tests (docs/TESTING.md), in the order in which they run: what is quick and tells most comes first. */
import { globSync } from "node:fs";

export type TestGroup = {
  readonly name: string;
  readonly files: readonly string[];
  /** How many files run at once; real hosts and guests one after another. */
  readonly concurrency: number;
  /** A file that takes longer has hung. */
  readonly fileLimitMs: number;
};

const minute = 60_000;
const kinds = [
  {
    name: "unit",
    globs: ["src/**", "lab/**", "tools/**"],
    concurrency: 2,
    fileLimitMs: 2 * minute,
  },
  {
    name: "simulation",
    globs: ["sim/**", "test/scenarios/**", "test/replication-scenarios/**"],
    concurrency: 2,
    fileLimitMs: 5 * minute,
  },
  { name: "contracts", globs: ["test/contracts/**"], concurrency: 2, fileLimitMs: 2 * minute },
  {
    name: "compatibility",
    globs: ["test/compat/**", "test/conformance/**"],
    concurrency: 2,
    fileLimitMs: 5 * minute,
  },
  {
    name: "drbd-kernel",
    globs: ["test/drbd-kernel/**"],
    concurrency: 2,
    fileLimitMs: 6 * minute,
  },
  { name: "fuzz", globs: ["test/fuzz/**"], concurrency: 2, fileLimitMs: 3 * minute },
  { name: "system", globs: ["test/system/**"], concurrency: 1, fileLimitMs: 8 * minute },
];

/** Everything under test/ that no kind names would never run: it counts as "other". */
export function testGroups(root: string): readonly TestGroup[] {
  const filesOf = (globs: readonly string[]): readonly string[] =>
    globSync(
      globs.map((glob) => `${glob}/*.test.ts`),
      { cwd: root },
    ).sort();
  const groups = kinds.map(({ globs, ...kind }) => ({ ...kind, files: filesOf(globs) }));
  const known = new Set(groups.flatMap((group) => group.files));
  const others = filesOf(["test/**", "bench/**"]).filter((file) => !known.has(file));
  const rest = { name: "other", files: others, concurrency: 1, fileLimitMs: 5 * minute };
  return [...groups, rest].filter((group) => group.files.length > 0);
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
