/** `holdfast certificates`: what `net { tls yes; }` needs, made once for the cluster. */
import path from "node:path";
import { isNodeName } from "../../formats/cluster-packet/node-name.ts";
import { tlsDirectory } from "../../host/paths/tls-paths.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import { optionValue } from "../getopt/getopt.ts";
import { makeCertificates } from "./make-certificates.ts";

const name = "holdfast certificates";

export const certificatesCommand: ClusterCommand = {
  name,
  summary:
    "Makes the certificates with which nodes know each other where drbd.conf says `tls yes`.",
  usage: ["[--directory DIR] NODE..."],
  groups: [
    {
      title: "Options",
      rows: [
        {
          long: "directory",
          short: "d",
          argument: "DIR",
          help: "where they go; /etc/holdfast/tls if it is not said",
        },
      ],
    },
  ],
  refused: [],
  examples: ["holdfast certificates xen1 xen2"],
  run: async (line, shell) => {
    const directory = optionValue(line, "directory") ?? tlsDirectory();
    const nodes = line.operands;
    if (nodes.length === 0) throw usageError("the nodes' names are missing", name);
    const wrong = nodes.find((node) => !isNodeName(node));
    if (wrong !== undefined) throw usageError(`"${wrong}" is no name of a node`, name);
    const written = await makeCertificates(directory, nodes);
    if (written.length === 0) {
      shell.out(`${directory} has a certificate of each of them already.\n`);
      return 0;
    }
    shell.out(written.map((file) => `${file}\n`).join(""));
    shell.out(copyText(directory, nodes));
    return 0;
  },
};

function copyText(directory: string, nodes: readonly string[]): string {
  const own = nodes.map((node) => {
    const files = ["ca.pem", `${node}.pem`, `${node}.key`].map((file) =>
      path.join(directory, file),
    );
    return `  scp ${files.join(" ")} root@${node}:${directory}/\n`;
  });
  return `\nCopy to each node its own, mode 600, and keep ca.key where no node can read it:\n${own.join("")}`;
}
