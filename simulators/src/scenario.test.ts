// Checks in which order a scenario happens.

import { describe, expect, it } from "vitest";
import { createVirtualCard } from "./card/virtual-card.js";
import { playScenario, type ScenarioStage, type ScenarioStep } from "./scenario.js";

const CARD = createVirtualCard({ profile: "wrongApplication" });

function record() {
  const happened: string[] = [];
  const stage: ScenarioStage = {
    tap: ({ profile }) => void happened.push(`tap ${profile}`),
    remove: () => void happened.push("remove"),
    scan: (text) => void happened.push(`scan ${text}`),
    unplug: () => void happened.push("unplug"),
    plug: () => void happened.push("plug"),
  };
  const wait = async (ms: number) => void happened.push(`wait ${ms}`);
  return { happened, stage, wait };
}

describe("a scenario", () => {
  it("plays its steps in the order of their times, and of writing within one time", async () => {
    const { happened, stage, wait } = record();
    const steps: ScenarioStep[] = [
      { atMs: 200, do: "remove" },
      { atMs: 0, do: "tap", card: CARD },
      { atMs: 500, do: "scan", text: "PR1" },
      { atMs: 500, do: "unplug" },
      { atMs: 1_000, do: "plug" },
    ];
    await playScenario({ stage, steps, wait });
    expect(happened).toEqual([
      ...["tap wrongApplication", "wait 200", "remove"],
      ...["wait 300", "scan PR1", "unplug", "wait 500", "plug"],
    ]);
  });

  it.each([-1, Number.NaN])("refuses the time %d before anything happens", async (atMs) => {
    const { happened, stage, wait } = record();
    const steps: ScenarioStep[] = [
      { atMs: 0, do: "remove" },
      { atMs, do: "remove" },
    ];
    await expect(playScenario({ stage, steps, wait })).rejects.toBeInstanceOf(RangeError);
    expect(happened).toEqual([]);
  });
});
