/** The expressions of the XPath subset, as parsed. */

export type Axis =
  | "child"
  | "descendant"
  | "descendant-or-self"
  | "parent"
  | "ancestor"
  | "ancestor-or-self"
  | "self"
  | "attribute"
  | "following-sibling"
  | "preceding-sibling";

export type Step = {
  readonly axis: Axis;
  /** A name, "*" for any element or attribute, "node()" for anything. */
  readonly test: string;
  readonly predicates: readonly Expression[];
};

export type Operator = "or" | "and" | "=" | "!=" | "<" | "<=" | ">" | ">=" | "|";

export type Expression =
  | { readonly kind: "literal"; readonly value: string | number }
  | { readonly kind: "call"; readonly name: string; readonly arguments: readonly Expression[] }
  | {
      readonly kind: "binary";
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "path";
      /** Where the steps start: at the document, at the context node, or at what an expression selects. */
      readonly from: "document" | "context" | Expression;
      readonly predicates: readonly Expression[];
      readonly steps: readonly Step[];
    };
