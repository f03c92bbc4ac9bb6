/** `drbdadm resize` and `check-resize`: for each volume what the size becomes, then where its metadata are. */
import type { DrbdVolumeConfig } from "../../formats/drbd-conf/resource-config.ts";
import { setup } from "../../formats/drbd-conf/setup-words.ts";
import { control, metaStep } from "./resource-steps.ts";
import type { Selected } from "./selection.ts";
import { notUp, type Step } from "./step.ts";

/** What was given on the command line. */
export type ResizeWish = {
  /** The options as words. */
  readonly words: readonly string[];
  /** Without it drbd.conf's `size` counts, where it has one. */
  readonly sizeSectors: number | undefined;
  readonly assumeClean: boolean;
  readonly assumePeerHasSpace: boolean;
};

/** The resource has to be up. */
export function resizeSteps(one: Selected, wish: ResizeWish): readonly Step[] {
  const { resource, volumes } = one;
  const { words, sizeSectors, ...params } = wish;
  return volumes.flatMap((volume) => [
    {
      resource: resource.name,
      words: setup("resize", volume.minor, ...configuredSize(volume), ...words),
      run: () =>
        control(resource.name, "resize", {
          volume: volume.number,
          sizeSectors: sizeSectors ?? volume.options.sizeSectors,
          ...params,
        }),
    },
    checkStep(one, volume),
  ]);
}

/** While it is down: what has grown has its metadata moved. */
export function checkResizeSteps(one: Selected): readonly Step[] {
  const { resource, volumes } = one;
  return volumes.flatMap((volume) => {
    const online = checkStep(one, volume);
    const offline = metaStep(resource.name, volume, ["check-resize"]);
    return [
      {
        resource: resource.name,
        words: setup("resize", volume.minor, ...configuredSize(volume)),
        run: undefined,
      },
      {
        ...online,
        run: async () => {
          const status = await online.run();
          return status === notUp && offline.run !== undefined ? offline.run() : status;
        },
      },
    ];
  });
}

function checkStep(
  { resource }: Selected,
  volume: DrbdVolumeConfig,
): Step & { readonly run: () => Promise<number> } {
  return {
    resource: resource.name,
    words: setup("check-resize", volume.minor),
    run: () => control(resource.name, "check-resize", { volume: volume.number }),
  };
}

function configuredSize({ set }: DrbdVolumeConfig): readonly string[] {
  return set.filter(({ name }) => name === "size").map(({ value }) => `--size=${value}`);
}
