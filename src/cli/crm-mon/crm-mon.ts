/** crm_mon: the state of the cluster, once or refreshed on the whole screen. */
import type { ClusterCommand } from "../cluster/cluster-command.ts";
import { optionGroups } from "./crm-mon-options.ts";
import { runMon } from "./run-mon.ts";

export const crmMon: ClusterCommand = {
  name: "crm_mon",
  summary: "Shows the state of the cluster: once (-1), or refreshed on the whole screen.",
  usage: ["[OPTION...]"],
  groups: optionGroups,
  refused: [],
  examples: [
    "crm_mon",
    "crm_mon -1",
    "crm_mon --group-by-node --inactive",
    "crm_mon -1 --failcounts --operations",
    "crm_mon -1 --layout 0.6",
    "crm_mon -1 --json",
    "crm_mon --output-as=html --output-to=/var/www/html/cluster.html",
    "crm_mon --daemonize --output-as=html --output-to=/var/www/html/cluster.html",
    "crm_mon --daemonize --external-agent=/usr/local/bin/tell-us --external-recipient=night-shift",
  ],
  formats: ["console", "text", "html", "xml", "json", "none"],
  run: runMon,
};
