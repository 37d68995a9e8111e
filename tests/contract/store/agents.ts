// Who may use the operators' listener, and how much of one sender may wait.

import { describe, expect, it, onTestFinished } from "vitest";
import type { AgentRecord } from "../../../gateway/src/store/records.js";
import { WAITING_PER_AGENT_MAX } from "../../../gateway/src/store/turnstile.js";
import { codeOf, OPERATOR, openShop, type Shop } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

const CERTIFICATE = "a".repeat(64);
const AGENT: AgentRecord = {
  id: "agent-1",
  role: "etablissement",
  etablissement: "LYCEE-1",
  status: "active",
  certificateFingerprint: CERTIFICATE,
};

export function describeAgents(makeDriver: MakeDriver): void {
  describe("an agent", () => {
    it("is known by certificate, with role and établissement", async () => {
      const shop = await openFor(makeDriver);
      await shop.store.load({ agents: [AGENT] });
      const { certificateFingerprint: _, ...known } = AGENT;
      expect(await shop.store.agentByCertificate(CERTIFICATE)).toEqual(known);
      expect(await shop.store.agentByCertificate("b".repeat(64))).toBeNull();
      expect(await shop.store.agent(known.id)).toEqual(known);
      expect(await shop.store.agent("nobody")).toBeNull();
    });

    it("with a new certificate is not known by the old one", async () => {
      const shop = await openFor(makeDriver);
      await shop.store.load({ agents: [AGENT] });
      const certificateFingerprint = "b".repeat(64);
      await shop.store.load({ agents: [{ ...AGENT, certificateFingerprint }] });
      expect(await shop.store.agentByCertificate(CERTIFICATE)).toBeNull();
      expect(await shop.store.agentByCertificate(certificateFingerprint)).toMatchObject({
        id: "agent-1",
      });
    });

    it("that was revoked stays revoked, even when it is loaded again", async () => {
      const shop = await openFor(makeDriver);
      await shop.store.load({ agents: [AGENT] });
      await shop.store.load({ revokedAgents: ["agent-1"] });
      await shop.store.load({ agents: [AGENT] });
      expect(await shop.store.agentByCertificate(CERTIFICATE)).toMatchObject({ status: "revoked" });
    });

    it("and a terminal are seen by a command as its own transaction has left them", async () => {
      const driver = await makeDriver();
      const shop = await openShop(driver);
      onTestFinished(() => shop.store.close());
      await shop.store.load({ agents: [AGENT] });
      await driver.begin();
      const own = { id: "terminal-9", certificateFingerprint: "c".repeat(64), initialKeyId: null };
      await driver.load({
        revokedAgents: [AGENT.id],
        terminals: [shop.terminal().record(own)],
      });
      expect(await driver.findAgent(AGENT.id)).toMatchObject({ status: "revoked" });
      expect(await driver.findPlace(own.id)).toMatchObject({ terminalId: own.id });
      await driver.rollback();
    });

    it("fills no queue alone: its own limit leaves room for tills and other agents", async () => {
      const shop = await openFor(makeDriver);
      const report = (to: Shop, agent = OPERATOR) =>
        to.send(
          {
            type: "incivility.reported",
            partner: "partner-1",
            report: "R-1",
            beneficiary: "account-0",
            receivedOn: "2023-03-14",
          },
          { agent },
        );
      const flood = Array.from({ length: WAITING_PER_AGENT_MAX + 1 }, () => report(shop));
      const other = report(shop, { ...OPERATOR, id: "operator-2" });
      expect(codeOf(await shop.authorize())).toBe("APPROVED");
      const codes = (await Promise.all(flood)).map(codeOf);
      expect(codes.filter((code) => code === "overloaded")).toHaveLength(1);
      expect(codeOf(await other)).toBe("loaded");
      expect(codeOf(await report(shop))).toBe("loaded");
    });
  });
}
