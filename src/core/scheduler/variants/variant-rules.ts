/** All variants' rules in one table. */
import type { Variant, VariantRules } from "../model/types.ts";
import { bundleRules } from "./bundle.ts";
import { cloneRules } from "./clone.ts";
import { groupRules } from "./group.ts";
import { primitiveRules } from "./primitive.ts";

export const variantRules: Readonly<Record<Variant, VariantRules>> = {
  primitive: primitiveRules,
  group: groupRules,
  clone: cloneRules,
  bundle: bundleRules,
};
