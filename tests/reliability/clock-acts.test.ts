// What is done beside sales while the clock is wrong: nothing that would be stamped with it, and what takes rights away.

import { expect, onTestFinished, test } from "vitest";
import { startHoldersGateway } from "../holders/rig.js";

const WEEK_MS = 7 * 24 * 3_600_000;
const PIN = "4826";

/** A gateway whose clock can jump, with a pupil whose account is open. */
async function rig() {
  const clock = {
    stepMs: 0,
    nowMs: () => Date.now() + clock.stepMs,
    monotonicMs: () => performance.now(),
  };
  const gateway = await startHoldersGateway({ clock });
  onTestFinished(() => gateway.stop());
  return { clock, gateway, pupil: await gateway.openedPupil() };
}

const CLOSED = { status: 503, body: { code: "MAINTENANCE", retryAfterMs: 30_000 } };

test("no period is settled by a clock that jumped, and none is named in the audit trail", async () => {
  const { clock, gateway } = await rig();
  const { operator } = gateway;
  clock.stepMs = WEEK_MS;
  expect(await operator.post("/v1/settlements")).toMatchObject(CLOSED);
  clock.stepMs = 0;
  expect(await operator.post("/v1/settlements")).toMatchObject({ status: 200 });
  // Nothing in the ledger is of the time that it jumped to: it would not start again.
  await gateway.restart();
});

test("no holder sets a PIN by a clock that jumped, and no try is counted", async () => {
  const { clock, gateway, pupil } = await rig();
  clock.stepMs = WEEK_MS;
  for (let tries = 1; tries <= 6; tries += 1) {
    expect(await gateway.setPin(pupil, PIN)).toMatchObject(CLOSED);
  }
  clock.stepMs = 0;
  expect(await gateway.setPin(pupil, PIN)).toMatchObject({ status: 200, body: { pin: "SET" } });
});

test("no code for a terminal is made by a clock that jumped, but a terminal is revoked", async () => {
  const { clock, gateway } = await rig();
  await gateway.terminal("T-STOLEN");
  clock.stepMs = WEEK_MS;
  const code = { terminalId: "T-NEW", pointOfSaleId: "POS-1", validMinutes: 60 };
  await expect(gateway.gateway.operator.makeActivationCode(code)).rejects.toThrow("clock jumped");
  await gateway.gateway.operator.revokeTerminal("T-STOLEN");
});

test("no terminal and no agent is given a certificate by a clock that jumped", async () => {
  const { clock, gateway } = await rig();
  clock.stepMs = WEEK_MS;
  const { operator } = gateway.gateway;
  const terminal = { id: "T-NEW", pointOfSaleId: "POS-1" };
  await expect(operator.issueTerminal(terminal)).rejects.toThrow("clock jumped");
  const agent = { id: "operator-2", role: "operator", etablissement: null } as const;
  await expect(operator.issueAgent(agent)).rejects.toThrow("clock jumped");
});
