// A gateway whose clock jumps while it serves, and one that is started with a clock that cannot be right.

import { randomBytes } from "node:crypto";
import { uuidV7 } from "@pass-tpe/protocol";
import { expect, onTestFinished, test } from "vitest";
import { CLOCK_AHEAD_MAX_MS, ClockError } from "../../gateway/src/clock-guard.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { agentFor, raw } from "../support/raw-client.js";
import { startTestGateway } from "../support/running-gateway.js";

const HOUR_MS = 3_600_000;

/** The machine's clock, and what a wrong time service makes of it. */
function steppedClock() {
  const clock = {
    stepMs: 0,
    nowMs: () => Date.now() + clock.stepMs,
    monotonicMs: () => performance.now(),
  };
  return clock;
}

async function rig(clock: ReturnType<typeof steppedClock>) {
  const running = await startTestGateway({ clock });
  onTestFinished(() => running.stop());
  const agent = agentFor(await running.terminal());
  onTestFinished(() => agent.destroy());
  const card = await running.card();
  async function sell(id = uuidV7(Date.now(), randomBytes(10))) {
    const evidence = nfcEvidence(running.gateway, card);
    const sale = { id, evidence, avantage: "SPECTACLE", purchaseCents: 100 };
    const url = `${running.gateway.url}/v1/authorizations`;
    const { status, headers, text } = await raw({ agent, url, body: JSON.stringify(sale) });
    return { id, status, retryAfter: headers["retry-after"], body: JSON.parse(text) };
  }
  const health = async (path: string) => {
    const response = await fetch(`${running.gateway.healthUrl}${path}`);
    return { status: response.status, text: await response.text() };
  };
  return { running, sell, health };
}

test.each([HOUR_MS, -HOUR_MS])(
  "a clock that jumps by %d ms sells nothing until it is right again",
  async (stepMs) => {
    const clock = steppedClock();
    const { running, sell, health } = await rig(clock);
    expect((await sell()).body).toMatchObject({ outcome: "approved" });
    clock.stepMs = stepMs;
    const refused = await sell();
    expect(refused).toMatchObject({ status: 503, retryAfter: "30" });
    expect(refused.body).toMatchObject({
      code: "MAINTENANCE",
      detail: expect.stringContaining("Operator: set it right"),
    });
    expect((await health("/readyz")).status).toBe(503);
    expect((await health("/metrics")).text).toContain('pass_tpe_closed{reason="clock"} 1');
    clock.stepMs = 0;
    expect((await health("/readyz")).status).toBe(200);
    expect((await sell(refused.id)).body).toMatchObject({ outcome: "approved" });
    const { faults, attempts } = await running.gateway.operator.verify();
    expect([faults, attempts]).toEqual([[], 2]);
  },
);

test.each([-HOUR_MS, CLOCK_AHEAD_MAX_MS + HOUR_MS])(
  "a gateway is not started with a clock that is %d ms from its last decision, but by who says that it is right",
  async (stepMs) => {
    const clock = steppedClock();
    const { running, sell } = await rig(clock);
    await sell();
    await running.gateway.close();
    clock.stepMs = stepMs;
    const { dataFolder } = running;
    await expect(startTestGateway({ clock, dataFolder })).rejects.toThrow(ClockError);
    const again = await startTestGateway({ clock, dataFolder, clockIsRight: true });
    await again.gateway.close();
  },
);
