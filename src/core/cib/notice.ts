/** What was understood differently from how it was written, and what a person should know before it surprises them. */
import { attribute, type XmlElement } from "../../formats/xml/xml-element.ts";

export type CibNoticeCode =
  | "HF4100"
  | "HF4101"
  | "HF4102"
  | "HF4103"
  | "HF4104"
  | "HF4105"
  | "HF4106"
  | "HF4107"
  | "HF4108"
  | "HF4109"
  | "HF4110"
  | "HF4111"
  | "HF4120"
  | "HF4121"
  | "HF4122"
  | "HF4123"
  | "HF4124"
  | "HF4130"
  | "HF4131"
  | "HF4132";

export type CibNotice = {
  readonly code: CibNoticeCode;
  /** Such as <op id="host1-op01">. */
  readonly element: string;
  /** How it was written; empty where something was added. */
  readonly from: string;
  /** What stands there now; empty where something was dropped. */
  readonly to: string;
  /** A sentence. */
  readonly why: string;
};

/** The element as notices and findings name it. */
export function tagOf(of: XmlElement): string {
  const id = attribute(of, "id") ?? attribute(of, "id-ref");
  return id === undefined ? `<${of.name}>` : `<${of.name} id="${id}">`;
}

/** One line for people. */
export function formatNotice(notice: CibNotice): string {
  const { element, from, to, why } = notice;
  if (from === "") return `${element}: added ${to}. ${why}`;
  if (to === "") return `${element}: left out ${from}. ${why}`;
  return from === to
    ? `${element}: ${from}. ${why}`
    : `${element}: ${from} is read as ${to}. ${why}`;
}
