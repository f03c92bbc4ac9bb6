/** crm_master: the name under which older agents set promotion scores, as `crm_attribute --promotion` does. */
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import { crmAttribute } from "../crm-attribute/crm-attribute.ts";
import { hasOption, optionValue } from "../getopt/getopt.ts";

const name = "crm_master";

export const crmMaster: ClusterCommand = {
  name,
  summary: "Reads and sets the promotion score of a resource on a node, for agents.",
  usage: ["--query|--update VALUE|--delete [--resource RSC] [OPTION...]"],
  groups: [
    {
      title: "What to do",
      rows: [
        { long: "query", short: "G", help: "print the score" },
        { long: "update", short: "v", argument: "VALUE", help: "set it" },
        { long: "delete", short: "D", help: "take it out" },
        { long: "get-value", help: "the same as --query", hidden: true },
        { long: "attr-value", argument: "VALUE", help: "the same as --update", hidden: true },
        { long: "delete-attr", help: "the same as --delete", hidden: true },
      ],
    },
    {
      title: "Of what",
      rows: [
        { long: "resource", short: "r", argument: "RSC", help: "the resource (the agent's own)" },
        { long: "node", short: "N", argument: "NODE", help: "on this node (the one it runs on)" },
        { long: "uname", short: "U", argument: "NODE", help: "the same", hidden: true },
        { long: "lifetime", short: "l", argument: "WHEN", help: "reboot or forever (forever)" },
        { long: "id", short: "i", argument: "ID", help: "the pair with this id" },
        { long: "quiet", short: "q", help: "print only the value" },
        { long: "Quiet", short: "Q", help: "the same", hidden: true },
      ],
    },
  ],
  refused: [],
  examples: ["crm_master --lifetime reboot --update 10", "crm_master -Q -l reboot -r host1 -G"],
  run: async (line, shell, answer) => {
    const resource = optionValue(line, "resource") ?? shell.environment["OCF_RESOURCE_INSTANCE"];
    if (resource === undefined || resource === "")
      throw usageError("which resource is meant: --resource RSC", name);
    const node = optionValue(line, "uname");
    const options = [
      { long: "promotion", value: resource },
      ...(node === undefined ? [] : [{ long: "node", value: node }]),
      // The attribute's own tool takes the other one for promotion scores.
      ...(hasOption(line, "lifetime") ? [] : [{ long: "lifetime", value: "forever" }]),
      ...line.options,
    ];
    return await crmAttribute.run({ ...line, options }, shell, answer);
  },
};
