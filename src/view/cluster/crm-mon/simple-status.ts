/** `crm_mon --simple-status`: one line for a monitoring system. */
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import { plural } from "./summary-list.ts";

export function simpleStatus(snapshot: ClusterSnapshot): {
  readonly text: string;
  readonly isWarning: boolean;
} {
  const { nodes, instances } = snapshot.status;
  const offline = nodes.filter((node) => !node.online);
  const problems = [
    ...(snapshot.summary.dc === undefined ? ["No DC"] : []),
    ...(offline.length === 0
      ? []
      : [offline.map((node) => `offline node: ${node.name}`).join(" ")]),
  ];
  if (problems.length > 0)
    return { text: `CLUSTER WARN: ${problems.join(", ")}\n`, isWarning: true };
  const standby = nodes.filter((node) => node.standby !== "no").length;
  const maintenance = nodes.filter((node) => node.standby === "no" && node.maintenance).length;
  const online = nodes.length - standby - maintenance;
  const counts = [
    `${online} node${plural(online)} online`,
    ...(standby > 0 ? [`${standby} standby node${plural(standby)}`] : []),
    ...(maintenance > 0 ? [`${maintenance} maintenance node${plural(maintenance)}`] : []),
    `${instances} resource instance${plural(instances)} configured`,
  ];
  return { text: `CLUSTER OK: ${counts.join(", ")}\n`, isWarning: false };
}
