/** `holdfast why [RESOURCE|NODE]`: why it is where it is, why not elsewhere, why not at all. */
import { whyOverview, whyText } from "../../view/cluster/why-text.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import { hasOption, optionValue } from "../getopt/getopt.ts";
import { tellTransition, tellTransitions, transitionNumber } from "./why-transition.ts";

const name = "holdfast why";

export const whyCommand: ClusterCommand = {
  name,
  summary:
    "Tells why a resource is where it is, why not elsewhere, why not at all; and what keeps a node from running any.",
  usage: ["[OPTION...] [RESOURCE|NODE]", "--transition NUMBER", "--transitions"],
  groups: [
    {
      title: "Options",
      rows: [
        { long: "node", short: "N", argument: "NODE", help: "only about this node" },
        {
          long: "transition",
          argument: "NUMBER",
          help: "what was done in that transition, and why, from what is kept here or on the node that decided",
        },
        { long: "transitions", help: "which transitions are kept on this node" },
        { long: "json", help: "as JSON" },
      ],
    },
  ],
  refused: [],
  examples: [
    "holdfast why host2",
    "holdfast why host2 --node xen1",
    "holdfast why xen1",
    "holdfast why --transition 12",
  ],
  run: async (line, shell) => {
    const [resource, ...more] = line.operands;
    if (more.length > 0) throw usageError("one RESOURCE or NODE at a time, or none for all", name);
    if (hasOption(line, "transitions")) {
      tellTransitions(line, shell);
      return 0;
    }
    const number = optionValue(line, "transition");
    if (number !== undefined) {
      await tellTransition(transitionNumber(number, name), line, shell);
      return 0;
    }
    const node = optionValue(line, "node");
    const report = await shell.cluster.ask("why", {
      ...(resource === undefined ? {} : { resource }),
      ...(node === undefined ? {} : { node }),
    });
    const text = resource === undefined && node === undefined ? whyOverview : whyText;
    const json = hasOption(line, "json");
    shell.out(json ? `${JSON.stringify(report, undefined, 2)}\n` : text(report));
    return 0;
  },
};
