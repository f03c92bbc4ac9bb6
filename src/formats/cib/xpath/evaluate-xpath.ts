/** Expression -> nodes of a tree, each once, in document order. */
import { assert } from "../../../base/assert.ts";
import type { XmlElement } from "../../xml/xml-element.ts";
import type { Expression, Operator, Step } from "./expression.ts";
import {
  callFunction,
  type Focus,
  textOf,
  toBoolean,
  toNumber,
  toText,
  type XPathNode,
  type XPathValue,
} from "./functions.ts";

/** More attributes than any element has. */
const attributesMax = 1_000_000;

/** Nodes that are looked at for one expression: a short one can ask for every pair, or triple, of a large tree. */
const nodesMax = 4_000_000;

/** The value of an expression, evaluated at the document that holds `root`. Undefined where it takes too long. */
export function evaluateXPath(
  root: XmlElement,
  expression: Expression,
  limit: number = nodesMax,
): XPathValue | undefined {
  const document: XPathNode = { element: undefined, parent: undefined, index: 0 };
  const tree: Tree = {
    root,
    document,
    children: new Map(),
    attributes: new Map(),
    order: new Map(),
    nodesLeft: limit,
  };
  const value = evaluate(tree, expression, { position: 1, size: 1, node: document });
  return tree.nodesLeft < 0 ? undefined : value;
}

/** The nodes of one tree, each made only once, so that they can be compared by identity. */
type Tree = {
  readonly root: XmlElement;
  readonly document: XPathNode;
  readonly children: Map<XPathNode, readonly XPathNode[]>;
  readonly attributes: Map<XPathNode, readonly XPathNode[]>;
  /** Places in document order; empty until something is sorted. */
  readonly order: Map<XPathNode, number>;
  /** Below 0 nothing is looked for any more, and the value means nothing. */
  nodesLeft: number;
};

function evaluate(tree: Tree, expression: Expression, focus: Focus): XPathValue {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "call":
      return callFunction(
        expression.name,
        expression.arguments.map((each) => evaluate(tree, each, focus)),
        focus,
      );
    case "binary":
      return binaryValue(tree, expression, focus);
    case "path":
      return pathValue(tree, expression, focus);
  }
}

function binaryValue(
  tree: Tree,
  expression: Expression & { kind: "binary" },
  focus: Focus,
): XPathValue {
  const left = evaluate(tree, expression.left, focus);
  if (expression.operator === "or" && toBoolean(left)) return true;
  if (expression.operator === "and" && !toBoolean(left)) return false;
  const right = evaluate(tree, expression.right, focus);
  if (expression.operator === "or" || expression.operator === "and") return toBoolean(right);
  if (expression.operator === "|") {
    return typeof left === "object" && typeof right === "object"
      ? inOrder(tree, [...left, ...right])
      : [];
  }
  return compare(tree, expression.operator, [left, right]);
}

function pathValue(
  tree: Tree,
  expression: Expression & { kind: "path" },
  focus: Focus,
): XPathValue {
  let nodes: readonly XPathNode[];
  if (expression.from === "document") nodes = [tree.document];
  else if (expression.from === "context") nodes = [focus.node];
  else {
    const start = evaluate(tree, expression.from, focus);
    if (typeof start !== "object") return [];
    nodes = start;
  }
  for (const predicate of expression.predicates) nodes = filtered(tree, nodes, predicate);
  // Steps downward from nodes of which none is inside another stay in document order by themselves.
  let nested = nodes.length > 1;
  for (const step of expression.steps) {
    const found = nodes.flatMap((node) => stepFrom(tree, node, step));
    const flat = !nested && downward.has(step.axis);
    nodes = flat ? found : inOrder(tree, found);
    nested = nested || !staysFlat.has(step.axis);
  }
  return nodes;
}

const staysFlat: ReadonlySet<Step["axis"]> = new Set<Step["axis"]>(["child", "attribute", "self"]);
const downward: ReadonlySet<Step["axis"]> = new Set<Step["axis"]>([
  ...staysFlat,
  "descendant",
  "descendant-or-self",
]);

function stepFrom(tree: Tree, node: XPathNode, step: Step): readonly XPathNode[] {
  if (tree.nodesLeft < 0) return [];
  const candidates = along(tree, node, step);
  tree.nodesLeft -= candidates.length + 1;
  let found = candidates.filter((candidate) => matches(candidate, step));
  for (const predicate of step.predicates) found = [...filtered(tree, found, predicate)];
  return found;
}

/** Nearest first: positions count in this direction. */
function along(tree: Tree, node: XPathNode, step: Step): readonly XPathNode[] {
  switch (step.axis) {
    case "child":
      return childrenOf(tree, node);
    case "descendant":
      return below(tree, node).slice(1);
    case "descendant-or-self":
      return below(tree, node);
    case "parent":
      return node.parent === undefined ? [] : [node.parent];
    case "ancestor":
      return above(node).slice(1);
    case "ancestor-or-self":
      return above(node);
    case "self":
      return [node];
    case "attribute":
      return attributesOf(tree, node);
    case "following-sibling":
      return siblings(tree, node).slice(node.index + 1);
    case "preceding-sibling":
      return siblings(tree, node).slice(0, node.index).reverse();
  }
}

function filtered(
  tree: Tree,
  nodes: readonly XPathNode[],
  predicate: Expression,
): readonly XPathNode[] {
  return nodes.filter((node, i) => {
    const focus: Focus = { position: i + 1, size: nodes.length, node };
    const value = evaluate(tree, predicate, focus);
    return typeof value === "number" ? value === focus.position : toBoolean(value);
  });
}

function childrenOf(tree: Tree, node: XPathNode): readonly XPathNode[] {
  if (node.attribute !== undefined) return [];
  const known = tree.children.get(node);
  if (known !== undefined) return known;
  const elements = node.element === undefined ? [tree.root] : node.element.children;
  const made = elements.map((element, index) => ({ element, parent: node, index }));
  tree.children.set(node, made);
  return made;
}

function attributesOf(tree: Tree, node: XPathNode): readonly XPathNode[] {
  if (node.element === undefined || node.attribute !== undefined) return [];
  const known = tree.attributes.get(node);
  if (known !== undefined) return known;
  const { element } = node;
  const made = Object.keys(element.attributes).map((attribute, index) => {
    return { element, parent: node, index, attribute };
  });
  tree.attributes.set(node, made);
  return made;
}

function siblings(tree: Tree, node: XPathNode): readonly XPathNode[] {
  if (node.parent === undefined || node.attribute !== undefined) return [];
  return childrenOf(tree, node.parent);
}

function below(tree: Tree, node: XPathNode): readonly XPathNode[] {
  const found: XPathNode[] = [node];
  for (const child of childrenOf(tree, node))
    for (const each of below(tree, child)) found.push(each);
  return found;
}

function inOrder(tree: Tree, nodes: readonly XPathNode[]): readonly XPathNode[] {
  const once = [...new Set(nodes)];
  if (once.length < 2) return once;
  if (tree.order.size === 0) numberNodes(tree, tree.document);
  return once.sort((a, b) => placeOf(tree, a) - placeOf(tree, b));
}

function numberNodes(tree: Tree, node: XPathNode): void {
  tree.order.set(node, tree.order.size);
  for (const child of childrenOf(tree, node)) numberNodes(tree, child);
}

/** An attribute stands between its element and the element's children: its place is no whole number. */
function placeOf(tree: Tree, node: XPathNode): number {
  const numbered = node.attribute === undefined ? node : node.parent;
  const place = numbered && tree.order.get(numbered);
  assert(place !== undefined, "a node of this tree has a place in it");
  return node.attribute === undefined ? place : place + (node.index + 1) / attributesMax;
}

function matches(node: XPathNode, step: Step): boolean {
  if (step.test === "node()") return true;
  if (step.axis === "attribute") return step.test === "*" || node.attribute === step.test;
  if (node.element === undefined || node.attribute !== undefined) return false;
  return step.test === "*" || node.element.name === step.test;
}

function above(node: XPathNode): readonly XPathNode[] {
  return node.parent === undefined ? [node] : [node, ...above(node.parent)];
}

/** Between node sets a comparison holds if it holds for some pair (XPath 1.0, section 3.4). */
function compare(
  tree: Tree,
  operator: Operator,
  [left, right]: readonly [XPathValue, XPathValue],
): boolean {
  if (typeof left === "object" && typeof right === "object") {
    tree.nodesLeft -= left.length * right.length;
    if (tree.nodesLeft < 0) return false;
    return left.some((a) => right.some((b) => compareOne(operator, textOf(a), textOf(b))));
  }
  if (typeof left === "boolean" || typeof right === "boolean") {
    return compareOne(operator, toBoolean(left), toBoolean(right));
  }
  if (typeof left === "object") return left.some((a) => compareOne(operator, textOf(a), right));
  if (typeof right === "object") return right.some((b) => compareOne(operator, left, textOf(b)));
  return compareOne(operator, left, right);
}

function compareOne(
  operator: Operator,
  left: string | number | boolean,
  right: string | number | boolean | readonly XPathNode[],
): boolean {
  if (operator === "=" || operator === "!=") {
    const numeric = typeof left === "number" || typeof right === "number";
    const equal = numeric ? toNumber(left) === toNumber(right) : toText(left) === toText(right);
    return equal === (operator === "=");
  }
  const [a, b] = [toNumber(left), toNumber(right)];
  if (operator === "<") return a < b;
  if (operator === "<=") return a <= b;
  return operator === ">" ? a > b : a >= b;
}
