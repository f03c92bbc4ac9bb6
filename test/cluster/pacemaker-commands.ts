/** The commands of the cluster that have Pacemaker's names. */
import { attrdUpdater } from "../../src/cli/attrd-updater/attrd-updater.ts";
import { cibadmin } from "../../src/cli/cibadmin/cibadmin.ts";
import type { ClusterCommand } from "../../src/cli/cluster/cluster-command.ts";
import { crmAttribute } from "../../src/cli/crm-attribute/crm-attribute.ts";
import { crmDiff } from "../../src/cli/crm-diff/crm-diff.ts";
import { crmError } from "../../src/cli/crm-error/crm-error.ts";
import { crmFailcount } from "../../src/cli/crm-failcount/crm-failcount.ts";
import { crmMaster } from "../../src/cli/crm-master/crm-master.ts";
import { crmMon } from "../../src/cli/crm-mon/crm-mon.ts";
import { crmNode } from "../../src/cli/crm-node/crm-node.ts";
import { crmResource } from "../../src/cli/crm-resource/crm-resource.ts";
import { crmRule } from "../../src/cli/crm-rule/crm-rule.ts";
import { crmShadow } from "../../src/cli/crm-shadow/crm-shadow.ts";
import { crmSimulate } from "../../src/cli/crm-simulate/crm-simulate.ts";
import { crmStandby } from "../../src/cli/crm-standby/crm-standby.ts";
import { crmTicket } from "../../src/cli/crm-ticket/crm-ticket.ts";
import { crmVerify } from "../../src/cli/crm-verify/crm-verify.ts";
import { crmadmin } from "../../src/cli/crmadmin/crmadmin.ts";
import { stonithAdmin } from "../../src/cli/stonith-admin/stonith-admin.ts";

export const pacemakerCommands: readonly ClusterCommand[] = [
  attrdUpdater,
  cibadmin,
  crmAttribute,
  crmDiff,
  crmError,
  crmFailcount,
  crmMaster,
  crmMon,
  crmNode,
  crmResource,
  crmRule,
  crmShadow,
  crmSimulate,
  crmStandby,
  crmTicket,
  crmVerify,
  crmadmin,
  stonithAdmin,
];
