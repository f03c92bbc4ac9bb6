/** Changes of a CIB as data: what cibadmin and the other commands ask for, and what nodes tell each other. */
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import type { AclUser } from "./acl/acl-user.ts";
import type { CibPatch } from "./patch/cib-patch.ts";
import type { CibSection } from "./sections.ts";

/** Where a change looks: in a section ("all" without --scope), or at what an XPath expression selects. */
export type CibPlace = { readonly section: CibSection } | { readonly xpath: string };

export type CibChange =
  /** Adds an element to a section; refused if one of its name and id is there. With an XPath: to the first match. */
  | { readonly kind: "create"; readonly at: CibPlace; readonly xml: XmlElement }
  /**
   * Finds the first element of the given name and id and merges the given one into it: attributes are set, children
   * merged alike. A value "NAME++" or "NAME+=N" adds to the old value of attribute NAME.
   */
  | {
      readonly kind: "modify";
      readonly at: CibPlace;
      readonly xml: XmlElement;
      /** Where there is none, adds it to the section. */
      readonly allowCreate?: boolean;
      /** With an XPath: merges into every match, not only the first. */
      readonly everyMatch?: boolean;
    }
  /** Replaces the first element of the given name and id. A whole <cib> must not be older than what is there. */
  | { readonly kind: "replace"; readonly at: CibPlace; readonly xml: XmlElement }
  /** Takes out the first element whose name and attributes match the given one's; none is no error. */
  | {
      readonly kind: "delete";
      readonly at: { readonly section: CibSection };
      readonly xml: XmlElement;
    }
  /** Takes out the first match of an XPath, or all of them. */
  | {
      readonly kind: "delete";
      readonly at: { readonly xpath: string };
      readonly everyMatch?: boolean;
    }
  /** Empties configuration and status and raises admin_epoch. */
  | { readonly kind: "erase" }
  /** Raises epoch by one. */
  | { readonly kind: "bump" }
  /** Edits made from a difference of two CIBs. */
  | { readonly kind: "patch"; readonly patch: CibPatch }
  /** All of them in their order, or none. Counts as one change. */
  | { readonly kind: "sequence"; readonly changes: readonly CibChange[] };

/** Who made a change and when: written into the CIB's own attributes when it touches the configuration. */
export type ChangeOrigin = {
  readonly node: string;
  readonly client: string;
  readonly user: string;
  /** As cib-last-written spells it: "Mon Apr  6 21:30:05 2009". */
  readonly written: string;
  /** Whose access rules the change has to keep to; absent where none do (root, the cluster itself). */
  readonly access?: AclUser;
};
