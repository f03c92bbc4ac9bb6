import { commandMain } from "../cluster/main-shell.ts";
import { crmDiff } from "./crm-diff.ts";

await commandMain(crmDiff);
