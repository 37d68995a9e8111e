import { describe, expect, it } from "vitest";
import { EVENT_BACKLOG_MAX, EventHub, type TerminalEvent } from "./events.js";
import { ManualClock } from "./test-kit/manual-clock.js";

const newHub = () => new EventHub({ clock: new ManualClock() });
const idle = { status: "idle" } as const;

describe("the event hub", () => {
  it("gives each listener its own type, and all to a listener of all, in one order", async () => {
    const hub = newHub();
    const heard: string[] = [];
    hub.on("status", ({ sequence, status }) => heard.push(`status ${sequence} ${status}`));
    hub.on("*", ({ sequence, type }) => heard.push(`all ${sequence} ${type}`));
    await Promise.resolve();
    hub.emit("sending", { id: "a", tryNumber: 1 });
    hub.emit("status", idle);
    expect(heard).toEqual(["all 1 sending", "status 2 idle", "all 2 status"]);
  });

  it("keeps what nobody has heard yet for all listeners that are added together", async () => {
    const hub = newHub();
    hub.emit("status", idle);
    const heard: string[] = [];
    hub.on("sending", () => heard.push("sending"));
    hub.on("status", () => heard.push("status"));
    hub.emit("sending", { id: "a", tryNumber: 1 });
    await Promise.resolve();
    expect(heard).toEqual(["status", "sending"]);
  });

  it("keeps a limited number of unheard events, the newest", async () => {
    const hub = newHub();
    for (let count = 0; count < EVENT_BACKLOG_MAX + 5; count += 1) hub.emit("status", idle);
    const heard: TerminalEvent[] = [];
    hub.on("*", (event) => heard.push(event));
    await Promise.resolve();
    expect(heard).toHaveLength(EVENT_BACKLOG_MAX);
    expect(heard[0]?.sequence).toBe(6);
  });

  it("stops when told to", async () => {
    const hub = newHub();
    const heard: string[] = [];
    const end = hub.on("status", ({ status }) => heard.push(status));
    await Promise.resolve();
    end();
    hub.emit("status", idle);
    expect(heard).toEqual([]);
  });
});
