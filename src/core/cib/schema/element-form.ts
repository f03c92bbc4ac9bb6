/** How the schema describes an element: one or more forms, of which the first that fits decides. */
import type { ValueType } from "./value-type.ts";

export type AttributeTypes = Readonly<Record<string, ValueType>>;

export type ChildRule = {
  /** The description of the child, by its name in the schema. */
  readonly is: string;
  /** 0 where it is not given. */
  readonly least?: number;
  /** Any number where it is not given. */
  readonly most?: number;
};

export type ElementForm = {
  /** The element has this form if it has all these attributes, some with a given value; the last form has none. */
  readonly when?: Readonly<Record<string, string | undefined>>;
  readonly required?: AttributeTypes;
  readonly optional?: AttributeTypes;
  /** Of these attributes only one may be there. */
  readonly notTogether?: readonly string[];
  /** At least one of these attributes must be there. */
  readonly someOf?: readonly string[];
  readonly children?: Readonly<Record<string, ChildRule>>;
  /** The children come in the order in which `children` names them. */
  readonly ordered?: boolean;
  /** How many children of these names there must be, taken together. */
  readonly together?: {
    readonly names: readonly string[];
    readonly least: number;
    readonly most?: number;
  };
  /** Said when something is missing: what would do instead. */
  readonly hint?: string;
};

export type ElementDescription = readonly ElementForm[];

export const exactlyOne = { least: 1, most: 1 } as const;
export const atMostOne = { most: 1 } as const;
export const oneOrMore = { least: 1 } as const;
