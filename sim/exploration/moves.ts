/** What can happen next: something that is under way ends, well or badly; something breaks; what is broken heals. */
import { fencedChanges } from "../../src/core/controller/fenced-changes.ts";
import { metaOf } from "../../src/core/controller/graph-order.ts";
import { statusNode } from "../../src/core/controller/status-changes.ts";
import {
  changeStatus,
  decideAll,
  end,
  halt,
  monitorRc,
  report,
  secondsOf,
  tell,
} from "./deciding.ts";
import {
  type Draft,
  draftOf,
  type ExploredState,
  executesOn,
  isReachable,
  type Work,
} from "./explored-state.ts";
import { regroup } from "./regroup.ts";

export type Move = { readonly name: string; readonly isFault: boolean; run(draft: Draft): void };

export type Rules = {
  /** The power switch says that a node is off without switching it off. */
  readonly powerSwitchLies?: boolean;
};

export function movesOf(state: ExploredState, rules: Rules): readonly Move[] {
  const on = [...state.nodes].filter(([, { isOn }]) => isOn).map(([name]) => name);
  const off = [...state.nodes.keys()].filter((name) => !on.includes(name));
  const turns = state.works.filter((work) => isItsTurn(state, work));
  const ends = turns.map((work) => ending(work, rules));
  const heals = [...off.map(boot), ...healings(state)];
  if (state.faultsLeft === 0) return [...ends, ...heals];
  const cuts = state.isolated === undefined && on.length > 1 ? isolations(state) : [];
  const crashes = [...state.executing].flatMap(([resource, nodes]) =>
    nodes.map((node) => crash(resource, node)),
  );
  const failures = turns
    .filter(({ action }) => !["stonith", "monitor"].includes(action.operation))
    .map(failing);
  return [...ends, ...heals, ...failures, ...on.map(powerCut), ...cuts, ...crashes];
}

/** @returns what comes of it when everybody has decided. */
export function after(state: ExploredState, move: Move): ExploredState {
  const draft = draftOf(state);
  if (move.isFault) draft.faultsLeft -= 1;
  move.run(draft);
  decideAll(draft);
  return draft;
}

/** An executor does one after the other with a resource, in the order in which it was told. */
function isItsTurn({ works }: ExploredState, work: Work): boolean {
  const { node, action } = work;
  const first = works.find(
    (each) => each.node === node && each.action.resource?.id === action.resource?.id,
  );
  return action.operation === "stonith" || first === work;
}

function ending(work: Work, rules: Rules): Move {
  const { action, node } = work;
  const name = `${action.key} on ${action.node?.name} ends (${work.transition})`;
  if (action.operation === "stonith") {
    return {
      name: `${name}, as ${node} wants`,
      isFault: false,
      run: (draft) => fence(draft, work, rules),
    };
  }
  return { name, isFault: false, run: (draft) => endWell(draft, work) };
}

function failing(work: Work): Move {
  const name = `${work.action.key} on ${work.node} fails (${work.transition})`;
  return {
    name,
    isFault: true,
    run: (draft) => {
      take(draft, work);
      report(draft, work.node, work, 1);
    },
  };
}

function endWell(draft: Draft, work: Work): void {
  take(draft, work);
  const { action, node } = work;
  const resource = action.resource?.id ?? "";
  if (action.operation === "monitor") {
    report(draft, node, work, monitorRc(draft, node, resource));
    return;
  }
  const where = executesOn(draft, resource);
  const after = whereAfter(draft, work, where);
  if (after !== undefined) draft.executing.set(resource, after);
  report(draft, node, work, after === undefined ? 1 : 0);
}

/** @returns where it executes when that is done; undefined: it cannot be done, and the agent says so. */
function whereAfter(
  draft: Draft,
  { action, node }: Work,
  where: readonly string[],
): readonly string[] | undefined {
  const elsewhere = where.filter((each) => each !== node);
  switch (action.operation) {
    case "start":
      return [...elsewhere, node];
    case "stop":
      return elsewhere;
    case "migrate_to": {
      const target = metaOf(action, "migrate_target") ?? "";
      const canMove = where.includes(node) && isReachable(draft, node, target);
      return canMove ? [...elsewhere, target] : undefined;
    }
    default:
      return where.includes(node) ? where : undefined;
  }
}

function fence(draft: Draft, work: Work, { powerSwitchLies = false }: Rules): void {
  take(draft, work);
  const target = work.action.node?.name ?? "";
  if (!powerSwitchLies) switchOff(draft, target);
  for (const side of draft.sides) {
    if (side.dc !== work.node) continue;
    const node = statusNode(side.cib, target);
    const fenced = {
      target: node,
      how: "off",
      action: work.action,
      nowS: secondsOf(draft),
    } as const;
    for (const change of fencedChanges(side.cib, fenced))
      changeStatus(draft, side.dc, () => change);
    if (side.run?.number === work.transition) end(draft, side.dc, work.action.id);
    else halt(draft, side.dc);
  }
}

function take(draft: Draft, work: Work): void {
  draft.works = draft.works.filter((each) => each !== work);
}

function powerCut(node: string): Move {
  return { name: `${node} loses its power`, isFault: true, run: (draft) => switchOff(draft, node) };
}

/** What executes there ends; what was ordered from a power switch may still come. */
function switchOff(draft: Draft, node: string): void {
  draft.nodes.set(node, { isOn: false, history: [] });
  draft.works = draft.works.filter(
    (work) => work.node !== node || work.action.operation === "stonith",
  );
  for (const [resource, nodes] of draft.executing) {
    draft.executing.set(
      resource,
      nodes.filter((each) => each !== node),
    );
  }
  regroup(draft);
}

function boot(node: string): Move {
  return {
    name: `${node} boots`,
    isFault: false,
    run: (draft) => {
      draft.nodes.set(node, { isOn: true, history: [] });
      regroup(draft);
    },
  };
}

function isolations({ nodes }: ExploredState): readonly Move[] {
  const names = [...nodes.keys()];
  // Of two nodes it is the same which of them is cut from the other.
  return (names.length === 2 ? names.slice(0, 1) : names).map((node) => ({
    name: `${node} is cut from the others`,
    isFault: true,
    run: (draft) => {
      draft.isolated = node;
      regroup(draft);
    },
  }));
}

/** Whichever of the DCs goes on as the DC of all. */
function healings({ isolated, sides }: ExploredState): readonly Move[] {
  if (isolated === undefined) return [];
  return sides.map(({ dc }) => ({
    name: `the cut heals, and ${dc} decides`,
    isFault: false,
    run: (draft) => {
      draft.isolated = undefined;
      regroup(draft, dc);
    },
  }));
}

function crash(resource: string, node: string): Move {
  return {
    name: `${resource} on ${node} dies`,
    isFault: true,
    run: (draft) => {
      const where = executesOn(draft, resource).filter((each) => each !== node);
      draft.executing.set(resource, where);
      const monitor = draft.nodes
        .get(node)
        ?.history.find((each) => each.resource === resource && each.intervalMs > 0);
      if (monitor !== undefined) tell(draft, node, { ...monitor, rc: 7 });
    },
  };
}
