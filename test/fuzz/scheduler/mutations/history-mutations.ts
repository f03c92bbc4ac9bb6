/** What the status section knows of operations: results, failures, halves of migrations, histories that are gone. */
import type { Prng } from "../../../../src/base/prng.ts";
import {
  attribute,
  child,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../../src/formats/xml/xml-element.ts";
import {
  changeOne,
  elementsNamed,
  idOf,
  type Mutation,
  pickFrom,
  pickNamed,
  replaceElement,
} from "./change-tree.ts";

const results: readonly (readonly [rc: string, status: string])[] = [
  ["1", "4"],
  ["1", "0"],
  ["7", "0"],
  ["0", "0"],
  ["0", "0"],
  ["1", "2"],
  ["5", "4"],
  ["2", "4"],
  ["6", "4"],
  ["3", "4"],
  ["8", "0"],
  ["9", "0"],
  ["190", "0"],
  ["193", "-1"],
  ["193", "-1"],
  ["5", "7"],
  ["1", "8"],
];
const tasks = ["start", "stop", "monitor", "promote", "demote", "migrate_to", "migrate_from"];

export const historyMutations: readonly Mutation[] = [
  { feature: "result", change: changeResult },
  { feature: "result", change: changeResult },
  { feature: "result", change: changeResult },
  { feature: "new operation", change: addOperation },
  { feature: "new operation", change: addOperation },
  { feature: "new operation", change: addOperation },
  { feature: "migration half", change: addMigration },
  { feature: "migration half", change: addMigration },
  {
    feature: "history gone",
    change: (cib, prng) =>
      changeOne(
        cib,
        [prng.pick(["lrm_rsc_op", "lrm_resource", "lrm_rsc_op"])],
        prng,
        () => "removed",
      ),
  },
  { feature: "history copied", change: copyHistory },
  { feature: "history copied", change: copyHistory },
  { feature: "digest", change: changeDigest },
  { feature: "digest", change: changeDigest },
  { feature: "time", change: changeTime },
];

function changeResult(cib: XmlElement, prng: Prng): XmlElement {
  return changeOne(cib, ["lrm_rsc_op"], prng, (old) => withResult(old, prng.pick(results)));
}

function withResult(old: XmlElement, [rc, status]: readonly [string, string]): XmlElement {
  const key = attribute(old, "transition-key") ?? "1:1:0:00000000-0000-0000-0000-000000000001";
  return withAttributes(old, {
    "rc-code": rc,
    "op-status": status,
    "transition-key": key,
    "transition-magic": `${status}:${rc};${key}`,
    ...(status === "-1" ? { "call-id": "-1" } : {}),
  });
}

type NewOperation = {
  readonly task: string;
  readonly intervalMs: string;
  readonly result: readonly [string, string];
  readonly more?: Readonly<Record<string, string>>;
};

/** After all that the resource's history has there. */
function withOperation(
  history: XmlElement,
  { task, intervalMs, result, more }: NewOperation,
): XmlElement {
  const id = `${idOf(history)}_${task}_${intervalMs}`;
  const failed = result[0] !== "0";
  const target = task === "monitor" && intervalMs === "0" ? "7" : "0";
  const calls = history.children.map((each) => Number(attribute(each, "call-id") ?? 0));
  const made = withResult(
    {
      name: "lrm_rsc_op",
      attributes: {
        id: failed && task === "monitor" ? `${idOf(history)}_last_failure_0` : id,
        operation_key: id,
        operation: task,
        interval: intervalMs,
        "call-id": String(Math.max(0, ...calls) + 1),
        "last-rc-change": "1450000000",
        "transition-key": `1:1:${target}:00000000-0000-0000-0000-000000000001`,
        ...more,
      },
      children: [],
    },
    result,
  );
  const others = history.children.filter((each) => idOf(each) !== idOf(made));
  return withChildren(history, [...others, made]);
}

function addOperation(cib: XmlElement, prng: Prng): XmlElement {
  const task = prng.pick(tasks);
  return changeOne(cib, ["lrm_resource"], prng, (old) =>
    withOperation(old, {
      task,
      intervalMs: task === "monitor" ? prng.pick(["0", "10000"]) : "0",
      result: prng.pick(results),
    }),
  );
}

/** A migration that got as far as migrate_to or migrate_from, well or not. */
function addMigration(cib: XmlElement, prng: Prng): XmlElement {
  const states = elementsNamed(cib, "node_state");
  const source = pickFrom(states, prng);
  const target = pickFrom(
    states.filter((each) => each !== source),
    prng,
  );
  if (source === undefined || target === undefined) return cib;
  const history = pickFrom(elementsNamed(source, "lrm_resource"), prng);
  if (history === undefined) return cib;
  const names = {
    migrate_source: attribute(source, "uname") ?? "",
    migrate_target: attribute(target, "uname") ?? "",
  };
  const half = (task: string): NewOperation => ({
    task,
    intervalMs: "0",
    result: prng.pick(results.slice(0, 5)),
    more: names,
  });
  const left = prng.chance(0.8)
    ? replaceElement(cib, history, (old) => withOperation(old, half("migrate_to")))
    : cib;
  if (prng.chance(0.4)) return left;
  const there = elementsNamed(left, "node_state")
    .filter((each) => attribute(each, "uname") === names.migrate_target)
    .flatMap((each) => elementsNamed(each, "lrm_resource"))
    .find((each) => idOf(each) === idOf(history));
  if (there !== undefined)
    return replaceElement(left, there, (old) => withOperation(old, half("migrate_from")));
  const resources = elementsNamed(target, "lrm_resources")[0];
  const inCopy = elementsNamed(left, "lrm_resources").find((each) => each === resources);
  if (inCopy === undefined) return left;
  return replaceElement(left, inCopy, (old) =>
    withChildren(old, [
      ...old.children,
      withOperation(withChildren(history, []), half("migrate_from")),
    ]),
  );
}

/** What runs on one node runs on another too. */
function copyHistory(cib: XmlElement, prng: Prng): XmlElement {
  const history = pickNamed(cib, ["lrm_resource"], prng);
  const to = pickNamed(cib, ["lrm_resources"], prng);
  if (history === undefined || to === undefined) return cib;
  return replaceElement(cib, to, (old) =>
    withChildren(old, [...old.children.filter((each) => idOf(each) !== idOf(history)), history]),
  );
}

const wrongDigest = "0123456789abcdef0123456789abcdef";

function changeDigest(cib: XmlElement, prng: Prng): XmlElement {
  const target = pickNamed(cib, ["lrm_rsc_op"], prng);
  if (target === undefined) return cib;
  return replaceElement(cib, target, (old) => {
    switch (prng.below(3)) {
      case 0:
        return withAttributes(old, { "op-digest": wrongDigest });
      case 1:
        // Nothing of what changed needs a restart: a reload will do.
        return withAttributes(old, {
          "op-digest": wrongDigest,
          "op-force-restart": " none ",
          "op-restart-digest": "f2317cad3d54cec5d7d7aa7d0bf35cf8",
        });
      default:
        return withAttributes(old, {
          "op-digest": wrongDigest,
          "op-force-restart": " none ",
          "op-restart-digest": wrongDigest,
        });
    }
  });
}

function changeTime(cib: XmlElement, prng: Prng): XmlElement {
  const target = pickNamed(cib, ["lrm_rsc_op"], prng);
  if (target === undefined) return cib;
  const by = prng.pick(["1000000000", "1450000001", undefined]);
  return child(cib, "status") === undefined
    ? cib
    : replaceElement(cib, target, (old) => withAttributes(old, { "last-rc-change": by }));
}
