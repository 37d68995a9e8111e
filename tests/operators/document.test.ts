// docs/OPERATORS.md and the gateway say the same: every event type has an example, and the examples load as a file.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EVENT_TYPES } from "../../gateway/src/registry/sent-event.js";
import { virtualClock } from "../support/clock.js";
import { catalogueData } from "../support/programme.js";
import { AGENTS, startOperatorsGateway } from "./agents.js";

const TEXT = readFileSync(new URL("../../docs/OPERATORS.md", import.meta.url), "utf8");
const EXAMPLES = (/```json\n(.*?)```/s.exec(TEXT)?.[1] ?? "")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line));

test("every event type stands in the table and has an example", () => {
  expect(EXAMPLES.map(({ type }) => type).toSorted()).toEqual([...EVENT_TYPES].toSorted());
  for (const type of EVENT_TYPES) expect(TEXT).toContain(`| \`${type}\``);
});

test("the examples load one after the other in the campaign that they name", async () => {
  const clock = virtualClock(Date.parse("2022-06-15T10:00:00Z"));
  const running = await startOperatorsGateway({ programme: catalogueData(), clock });
  const { operator } = running.gateway;
  for (const event of EXAMPLES) {
    const agent = event.type.startsWith("suspension.") ? AGENTS.region : AGENTS.operator;
    const submission = await operator.submit(event, agent);
    expect(submission, event.type).toMatchObject({
      type: "answered",
      answer: { type: "loaded", outcome: "applied" },
    });
  }
  await running.stop();
});
