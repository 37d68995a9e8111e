// Tells the event stream about the tries of one operation.

import type { TryObserver } from "../client/repeat.js";
import type { EventHub } from "../events.js";

export function tryEvents(options: { hub: EventHub; id: string }): TryObserver {
  const { hub, id } = options;
  return {
    sending: (tryNumber) => {
      if (tryNumber === 1) hub.emit("status", { status: "sending" });
      hub.emit("sending", { id, tryNumber });
    },
    answered: (kind, { action, reason }) =>
      hub.emit("answered", { id, kind, next: action, reason }),
  };
}
