/** Resources of class service: an init script where there is one of that name, else a unit of systemd. */
import type { Files } from "../ports/files.ts";
import { initDirectory } from "./lsb/lsb-script.ts";
import type { ResourceAgent } from "./resource-agent.ts";

export function serviceAgent(
  files: Pick<Files, "list">,
  kinds: { readonly lsb: ResourceAgent; readonly systemd: ResourceAgent },
  directory: string = initDirectory,
): ResourceAgent {
  return {
    run: async (request, signal) => {
      const scripts = await files.list(directory);
      const kind = scripts.includes(request.agent.type) ? kinds.lsb : kinds.systemd;
      return await kind.run(request, signal);
    },
  };
}
