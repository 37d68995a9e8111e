// What must be seen of a code that was reached: the right answer, whole texts, and the precise code with the operator.

import {
  DecisionSchema,
  type OutcomeParams,
  outcomeSpec,
  ProblemSchema,
  publicCodeOf,
  publicIso39Of,
  publicRetryOf,
  renderOutcome,
} from "@pass-tpe/protocol";
import { expect } from "vitest";
import type { Heard } from "./raw-till.js";
import type { LogLine, Rig } from "./rig.js";
import type { GatewayRow, Row, SdkShown } from "./row.js";

/** Reaches a row's code, and expects its decision or problem: public at the till, precise with the operator. */
export async function expectAnswer(rig: Rig, row: GatewayRow): Promise<void> {
  const before = rig.logged.length;
  const heard = await row.reach(rig);
  const logged = rig.logged.slice(before);
  if (row.status === undefined) await expectDecision(rig, row, { heard, logged });
  else expectProblem(rig, row, { heard, logged });
}

interface Seen {
  readonly heard: Heard;
  /** Meanwhile. */
  readonly logged: readonly LogLine[];
}

async function expectDecision(rig: Rig, row: GatewayRow, { heard, logged }: Seen): Promise<void> {
  const { code, elsewhere = false, ofEarlier = false } = row;
  const { status, body } = heard;
  expect(status).toBe(200);
  const decision = DecisionSchema.parse(body);
  expect(decision).toMatchObject({
    code: publicCodeOf(code),
    outcome: outcomeSpec(code).kind === "approval" ? "approved" : "declined",
    iso39: publicIso39Of(code),
    ...textsOf(rig, row),
  });
  expectFilled(decision);
  expect(logged.findLast(({ id }) => id === decision.id)?.code).toBe(code);
  if (elsewhere || ofEarlier) return;
  expect(await rig.storedCode(decision.id)).toBe(code);
}

function expectProblem(rig: Rig, row: GatewayRow, { heard, logged }: Seen): void {
  const { status, body } = heard;
  expect(status).toBe(row.status);
  const problem = ProblemSchema.parse(body);
  expect(problem).toMatchObject({ code: row.code, status, ...textsOf(rig, row) });
  expectFilled(problem);
  // The log's line may go on with the cause, which the till is not told.
  const lines = logged.filter((line) => line.code === row.code);
  const details = lines.map(({ detail, err }) => detail ?? err?.message ?? "");
  expect(details.some((detail) => detail.startsWith(problem.detail))).toBe(true);
}

/** What a Terminal shows: a result, or the lines of a presentation that it refused. */
export function expectShown(rig: Rig, row: Row, shown: SdkShown): void {
  const { retry, message, display, display20 } = textsOf(rig, row);
  expect(shown).toMatchObject({ code: publicCodeOf(row.code), display, display20 });
  expectFilled(shown);
  if (shown.outcome === undefined) return;
  expect(shown).toMatchObject({ message, iso39: publicIso39Of(row.code) });
  // What nobody knows is reversed by the SDK itself: the till is given nothing to try.
  if (row.code === "TIMEOUT") expect(shown).toMatchObject({ outcome: "unknown" });
  else if (outcomeSpec(row.code).kind === "approval") expect(DONE).toContain(shown.outcome);
  else expect(shown).toMatchObject({ outcome: "declined", retry });
}

/** What a Terminal calls an approval, by what was asked. */
const DONE: readonly string[] = ["approved", "captured", "reversed", "refunded"];

function textsOf(rig: Rig, { code, texts = {} }: Row) {
  const params: OutcomeParams = typeof texts === "function" ? texts(rig) : texts;
  return { ...renderOutcome(code, params), retry: publicRetryOf(code, params) };
}

/** No placeholder of a template is left, and nothing that a program writes where a value is missing. */
function expectFilled(shown: Pick<SdkShown, "display" | "display20">): void {
  expect(shown.display).toHaveLength(2);
  expect(shown.display20).toHaveLength(2);
  for (const line of shown.display) expect(line.length).toBeLessThanOrEqual(32);
  for (const line of shown.display20) expect(line.length).toBeLessThanOrEqual(20);
  for (const line of [...shown.display, ...shown.display20]) {
    expect(line).not.toMatch(/[{}|#]|undefined|null|NaN/);
  }
}
