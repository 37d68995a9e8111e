// The faults of a failover run, by its number of kills.

import { expect, test } from "vitest";
import { dice } from "../chaos/random.js";
import { planOf } from "./plan.js";

const others = ["replica", "pause", "cut", "gateway"] as const;
const plan = (kills: number) => planOf({ kills, others, dice: dice(7) });

test("the primary is killed as often as was asked for", () => {
  for (const kills of [1, 2, 9, 50]) {
    expect(plan(kills).filter((kind) => kind === "primary")).toHaveLength(kills);
  }
});

test("each other kind comes in eight kills, and none again before", () => {
  const rest = plan(16).filter((kind) => kind !== "primary");
  expect(new Set(rest.slice(0, 4))).toEqual(new Set(others));
  expect(new Set(rest.slice(4))).toEqual(new Set(others));
});

test("equal seeds give equal plans", () => {
  expect(plan(50)).toEqual(plan(50));
});
