/** A stop that fencing implies is announced after the fencing. */
import { topResource } from "../model/resources.ts";
import type { Action, Resource } from "../model/types.ts";
import { collectEntries, newNotification } from "./notifications.ts";
import { notifyInstances } from "./notify-instances.ts";

export function orderNotificationsAfterFencing(
  stop: Action,
  resource: Resource,
  fencing: Action,
): void {
  const points = { action: undefined, complete: fencing };
  const notification = newNotification(resource, "stop", points);
  if (notification === undefined) return;
  collectEntries(resource, notification, false);
  notification.keys.set("notify_stop_resource", resource.id);
  notification.keys.set("notify_stop_uname", stop.node?.name ?? "");
  notifyInstances(topResource(resource), notification);
}
