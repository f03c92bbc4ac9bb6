/** `disk-options`, `net-options`, `resource-options`, and the options that `attach` and `connect` take besides. */
import { UserError } from "../../api/user-error.ts";
import { printDiagnostic } from "../../formats/config-text/diagnostic.ts";
import { changeOptions, type GivenOptions } from "../../formats/drbd-conf/change-options.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { addressWords, setup } from "../../formats/drbd-conf/setup-words.ts";
import { hasOption, type OptionRow } from "../getopt/getopt.ts";
import { askDisk } from "./disk-client.ts";
import { handOver } from "./hand-over.ts";
import { type ChangeableSection, givenOf, optionRows } from "./option-rows.ts";
import type { Given, PlannedCommand } from "./planned-command.ts";
import type { Selected } from "./selection.ts";
import { notUp, type Step } from "./step.ts";

const setDefaults: OptionRow = {
  long: "set-defaults",
  help: "all that is not given goes back to its default",
};

/** drbdsetup's for an option that it does not take. */
const exitUsage = 20;

export const optionsCommands: readonly PlannedCommand[] = [
  {
    name: "disk-options",
    help: "change options of `disk` while the disk is in use, until adjust or down",
    options: [setDefaults, ...optionRows("disk")],
    plan: (selected, given) => [
      selected.flatMap((one) =>
        one.volumes.map((volume) =>
          changeStep(one, given, {
            section: "disk",
            volumes: [volume.number],
            words: setup("disk-options", volume.minor, ...given.words),
          }),
        ),
      ),
    ],
  },
  {
    name: "net-options",
    help: "change options of `net` while connected, until adjust or down",
    options: [setDefaults, ...optionRows("net")],
    scope: "resource",
    plan: (selected, given) => [
      selected.map((one) =>
        changeStep(one, given, {
          section: "net",
          volumes: [],
          words: setup("net-options", ...addressWords(one.resource), ...given.words),
        }),
      ),
    ],
  },
  {
    name: "resource-options",
    help: "change options of `options` while the resource is up, until adjust or down",
    options: [setDefaults, ...optionRows("options")],
    scope: "resource",
    plan: (selected, given) => [
      selected.map((one) =>
        changeStep(one, given, {
          section: "options",
          volumes: [],
          words: setup("resource-options", one.resource.name, ...given.words),
        }),
      ),
    ],
  },
];

function changeStep(
  { resource: { name } }: Selected,
  { line }: Given,
  what: {
    readonly section: ChangeableSection;
    readonly volumes: readonly number[];
    readonly words: readonly string[];
  },
): Step {
  return {
    resource: name,
    words: what.words,
    run: async () => {
      const running = (await askDisk(name, "show", {})) as DrbdResourceConfig | undefined;
      if (running === undefined) return notUp;
      const options = givenOf(what.section, line.options);
      const isDefaults = hasOption(line, "set-defaults");
      await handOver(changed(running, { ...what, options, setDefaults: isDefaults }));
      return 0;
    },
  };
}

/** @throws UserError HF2151 when a value is not one of the option's. */
export function changed(config: DrbdResourceConfig, given: GivenOptions): DrbdResourceConfig {
  const result = changeOptions(config, given);
  if (result.ok) return result.value.value;
  const [first] = result.error.filter((each) => each.severity === "error");
  throw new UserError("HF2151", first?.message ?? result.error.map(printDiagnostic).join("; "), {
    exit: exitUsage,
    ...(first?.remedy === undefined ? {} : { remedy: first.remedy }),
  });
}
