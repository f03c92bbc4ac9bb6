/**
 * The schema of a CIB as one table: what Pacemaker's schemas 3.0 to 3.10 accept, which 4.0 narrows. Older forms are
 * translated first (../upgrade). The status section is not described: the cluster itself writes it.
 */
import { constraintForms } from "./constraint-forms.ts";
import type { ElementDescription } from "./element-form.ts";
import { ruleForms, setForms } from "./nvpair-forms.ts";
import { otherForms } from "./other-forms.ts";
import { resourceForms } from "./resource-forms.ts";

const gone = "is of no effect any more and is refused, so that nobody relies on it";
const renamed = (name: string): string => `is the old name of ${name}`;
const defaulted = (name: string, section: string): string =>
  `is set today as ${name} in <${section}>`;

/** Names of cluster options that must not be set: nothing would read them. */
const refusedOptions: Readonly<Record<string, string>> = {
  cluster_recheck_interval: renamed("cluster-recheck-interval"),
  dc_deadtime: renamed("dc-deadtime"),
  election_timeout: renamed("election-timeout"),
  shutdown_escalation: renamed("shutdown-escalation"),
  startup_fencing: renamed("startup-fencing"),
  stonith_action: renamed("stonith-action"),
  stonith_enabled: renamed("stonith-enabled"),
  stop_orphan_actions: renamed("stop-orphan-actions"),
  stop_orphan_resources: renamed("stop-orphan-resources"),
  symmetric_cluster: renamed("symmetric-cluster"),
  no_quorum_policy: renamed("no-quorum-policy"),
  transition_idle_timeout: renamed("cluster-delay"),
  remove_after_stop: gone,
  "expected-quorum-votes": gone,
  "notification-agent": gone,
  "notification-recipient": gone,
  "default-action-timeout": defaulted("timeout", "op_defaults"),
  default_action_timeout: defaulted("timeout", "op_defaults"),
  "default-migration-threshold": defaulted("migration-threshold", "rsc_defaults"),
  default_migration_threshold: defaulted("migration-threshold", "rsc_defaults"),
  "default-resource-failure-stickiness": defaulted("migration-threshold", "rsc_defaults"),
  default_resource_failure_stickiness: defaulted("migration-threshold", "rsc_defaults"),
  "default-resource-stickiness": defaulted("resource-stickiness", "rsc_defaults"),
  default_resource_stickiness: defaulted("resource-stickiness", "rsc_defaults"),
  "is-managed-default": defaulted("is-managed", "rsc_defaults"),
  is_managed_default: defaulted("is-managed", "rsc_defaults"),
};

const isolation = ["isolation", "isolation-host", "isolation-instance", "isolation-wrapper"];

const forms: Readonly<Record<string, ElementDescription>> = {
  ...otherForms,
  ...resourceForms,
  ...constraintForms,
  ...ruleForms,
  ...setForms("set"),
  ...setForms("cluster-options", { noneOf: refusedOptions }),
  ...setForms("primitive-meta", {
    noneOf: Object.fromEntries(isolation.map((name) => [name, gone])),
  }),
  ...setForms("op-meta", { noneOf: { requires: gone } }),
};

/** The description by its name in the schema; undefined for what is not checked. */
export function describedAs(name: string): ElementDescription | undefined {
  return Object.hasOwn(forms, name) ? forms[name] : undefined;
}
