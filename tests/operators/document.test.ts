// docs/OPERATORS.md and the gateway say the same: every event type has an example, and the examples load as a file.

import { readFileSync } from "node:fs";
import type { Agent } from "@pass-tpe/gateway";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EVENT_TYPES } from "../../gateway/src/registry/sent-event.js";
import { virtualClock } from "../support/clock.js";
import { catalogueData } from "../support/programme.js";
import { AGENTS, type OperatorsGateway, startOperatorsGateway } from "./agents.js";

const TEXT = readFileSync(new URL("../../docs/OPERATORS.md", import.meta.url), "utf8");
const EXAMPLES = (/```json\n(.*?)```/s.exec(TEXT)?.[1] ?? "")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line));

test("every event type stands in the table and has an example", () => {
  expect(EXAMPLES.map(({ type }) => type).toSorted()).toEqual([...EVENT_TYPES].toSorted());
  for (const type of EVENT_TYPES) expect(TEXT).toContain(`| \`${type}\``);
});

describe("the examples, in the campaign and on a day of the month that they are of", () => {
  let running: OperatorsGateway;

  beforeEach(async () => {
    const clock = virtualClock(Date.parse("2022-06-15T10:00:00Z"));
    running = await startOperatorsGateway({ programme: catalogueData(), clock });
  });

  afterEach(() => running.stop());

  /** What became of each, sent one after the other by one agent: its outcome, or why it was refused. */
  async function outcomesOf(events: typeof EXAMPLES, agent: Agent) {
    const outcomes: string[] = [];
    for (const event of events) {
      const submission = await running.gateway.operator.submit(event, agent);
      const answer = submission.type === "answered" ? submission.answer : null;
      const outcome = answer?.type === "loaded" ? answer.outcome : null;
      outcomes.push(`${event.type} ${answer?.type === "refused" ? answer.code : outcome}`);
    }
    return outcomes;
  }

  const isOfRegion = ({ type }: { readonly type: string }) => type.startsWith("suspension.");

  test("load one after the other, each sent by who may", async () => {
    for (const event of EXAMPLES) {
      const agent = isOfRegion(event) ? AGENTS.region : AGENTS.operator;
      expect(await outcomesOf([event], agent)).toEqual([`${event.type} applied`]);
    }
  });

  test("are a file of which the operator loads all but the Région's lines, and the Région those", async () => {
    const byOperator = EXAMPLES.map(
      (event) => `${event.type} ${isOfRegion(event) ? "NOT_ALLOWED" : "applied"}`,
    );
    expect(await outcomesOf(EXAMPLES, AGENTS.operator)).toEqual(byOperator);
    expect(await outcomesOf(EXAMPLES.filter(isOfRegion), AGENTS.region)).toEqual([
      "suspension.decided applied",
      "suspension.lifted applied",
    ]);
  });
});
