import { commandMain } from "../cluster/main-shell.ts";
import { attrdUpdater } from "./attrd-updater.ts";

await commandMain(attrdUpdater);
