/**
 * A CIB in a file (CIB_file=FILE of the cluster's commands). Each change is on stable storage, as a whole, before it is
 * answered. A Pacemaker signature beside the file would not fit any more: it goes.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../api/user-error.ts";
import { wallTime } from "../../base/time.ts";
import { applyChange } from "../../core/cib/apply/apply-change.ts";
import { withoutPositions } from "../../core/cib/tree.ts";
import { upgradeCib } from "../../core/cib/upgrade/upgrade-cib.ts";
import { formatVersion, readVersion } from "../../core/cib/version.ts";
import { printXml } from "../../formats/xml/print-xml.ts";
import { readXmlFile } from "../../host/files/xml-file.ts";
import { asUserError, type CibDesk } from "../cluster-methods/cib-desk.ts";
import { parsed } from "../cluster-methods/parsed.ts";

/** @throws UserError when the file is missing, or no CIB. */
export function fileDesk(file: string): CibDesk {
  let cib = withoutPositions(upgradeCib(parsed(readText(file), file)).cib);
  if (cib.name !== "cib") {
    throw new UserError("HF4601", `${file} holds <${cib.name}>, not <cib>`, { exit: 65 });
  }
  return {
    cib: () => cib,
    whole: () => cib,
    wallNow: () => wallTime(Date.now()),
    change: async (change, _by, access) => {
      const applied = applyChange(cib, change, access && { access });
      if (!applied.ok) throw asUserError(applied.error);
      const { touched } = applied.value;
      if (touched !== "nothing") write(file, printXml(applied.value.cib));
      cib = applied.value.cib;
      return { version: formatVersion(readVersion(cib)), touched };
    },
  };
}

function readText(file: string): string {
  try {
    return readXmlFile(file);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw new UserError("HF4603", `${file} cannot be read (${code})`, {
      exit: code === "EACCES" ? 4 : 66,
      remedy: "CIB_file names the file; unset it to work with the running cluster.",
      cause,
    });
  }
}

function write(file: string, text: string): void {
  const fresh = `${file}.${process.pid}.new`;
  const fd = openSync(fresh, "w", 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  rmSync(`${file}.sig`, { force: true });
  renameSync(fresh, file);
  const directory = openSync(path.dirname(path.resolve(file)), "r");
  fsyncSync(directory);
  closeSync(directory);
}
