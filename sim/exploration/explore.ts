/** Goes through every state that can be reached with so many faults, each state once. */
import { type ExploredCluster, exploredCib } from "./explored-cluster.ts";
import { brokenLaw, isResting } from "./explored-laws.ts";
import type { ExploredState } from "./explored-state.ts";
import { after, type Move, movesOf, type Rules } from "./moves.ts";
import { beginning } from "./regroup.ts";
import { stateKey } from "./state-key.ts";

export type ExploreOptions = ExploredCluster & {
  readonly faultsMax: number;
  readonly rules?: Rules;
  /** More states than this are not gone to. */
  readonly statesMax?: number;
};

export type Explored = {
  readonly states: number;
  /** States in which nothing is under way and everybody has what they want. */
  readonly resting: number;
  readonly isComplete: boolean;
  /** The first that was found, with the moves that lead there: as few as possible. */
  readonly broken: { readonly law: string; readonly moves: readonly string[] } | undefined;
};

type Found = {
  readonly state: ExploredState;
  readonly from: Found | undefined;
  readonly by: string;
  /** From where it is reached without another fault. */
  readonly before: Found[];
};

export function explore(options: ExploreOptions): Explored {
  const { nodes, guests, faultsMax, rules = {}, statesMax = 100_000 } = options;
  const start = beginning({ cib: exploredCib(options), nodes, faultsMax });
  const found: Found[] = [{ state: start, from: undefined, by: "", before: [] }];
  const known = new Map(found.map((each) => [stateKey(each.state), each]));
  const result = (law?: string, at?: Found): Explored => ({
    states: found.length,
    resting: found.filter(({ state }) => isResting(state)).length,
    isComplete: found.length < statesMax,
    broken: law === undefined || at === undefined ? undefined : { law, moves: movesTo(at) },
  });
  for (let index = 0; index < found.length; index++) {
    const at = found[index] as Found;
    const wrong = brokenLaw(at.state, guests);
    if (wrong !== undefined) return result(wrong, at);
    for (const move of movesOf(at.state, rules)) {
      const state = stateAfter(at, move);
      const key = stateKey(state);
      const before = move.isFault ? [] : [at];
      const again = known.get(key);
      again?.before.push(...before);
      if (again !== undefined || found.length >= statesMax) continue;
      const next = { state, from: at, by: move.name, before };
      known.set(key, next);
      found.push(next);
    }
  }
  const restless = found.length < statesMax ? withoutRest(found) : undefined;
  return result(restless && "from here no state at rest is reached", restless);
}

/** The first from which no state at rest is reached, whatever happens, if nothing more breaks. */
function withoutRest(found: readonly Found[]): Found | undefined {
  const resting = found.filter(({ state }) => isResting(state));
  const canRest = new Set(resting);
  for (let next = resting.pop(); next !== undefined; next = resting.pop()) {
    for (const each of next.before) {
      if (canRest.has(each)) continue;
      canRest.add(each);
      resting.push(each);
    }
  }
  return found.find((each) => !canRest.has(each));
}

function stateAfter(found: Found, move: Move): ExploredState {
  try {
    return after(found.state, move);
  } catch (error) {
    throw new Error(`after ${[...movesTo(found), move.name].join("; ")}`, { cause: error });
  }
}

function movesTo(found: Found): readonly string[] {
  const moves: string[] = [];
  for (let at = found; at.from !== undefined; at = at.from) moves.unshift(at.by);
  return moves;
}
