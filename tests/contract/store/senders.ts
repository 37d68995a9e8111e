// Who is answered: an agent in force that may send the event, and nobody else; whoever was refused is in the trail.

import { describe, expect, it } from "vitest";
import type { Agent, LoadEvent } from "../../../gateway/src/core/loading/event.js";
import { type EventRow, LoadRefusedError } from "../../../gateway/src/store/driver.js";
import type { AgentRecord } from "../../../gateway/src/store/records.js";
import { collected } from "../../support/ledger.js";
import { codeOf, OPERATOR, REGION } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

const STORED: AgentRecord = {
  ...REGION,
  status: "active",
  certificateFingerprint: "a".repeat(64),
};
const lycee = (id: string, etablissement: string): Agent => ({
  id,
  role: "etablissement",
  etablissement,
});

const suspended = (suspension: string): LoadEvent => ({
  type: "suspension.decided",
  beneficiary: "account-0",
  suspension,
  campaign: "2022/2023",
  avantages: "ALL",
  decisionRef: "D-1",
});

const ordered: LoadEvent = {
  type: "card.ordered",
  beneficiary: "new",
  holder: "Camille D.",
  etablissement: "LYCEE-1",
  campaign: "2022/2023",
  charterAcceptedOn: "2023-01-10",
};

const validated: LoadEvent = {
  type: "beneficiary.validated",
  beneficiary: "new",
  campaign: "2022/2023",
  etablissement: "LYCEE-1",
  attributes: {
    status: "LYCEEN",
    level: "SECONDE",
    track: "GENERALE",
    formation: null,
    flags: [],
    birthDay: "2006-05-01",
  },
};

const row = (id: string): EventRow => ({
  id,
  agentId: OPERATOR.id,
  role: "operator",
  type: "agent.revoked",
  subject: STORED.id,
  atMs: 1,
  fingerprint: new Uint8Array(1),
  outcome: "applied",
  refusal: null,
  notes: [],
});

export function describeSenders(makeDriver: MakeDriver): void {
  describe("a sender", () => {
    it("that was revoked while its event waited is refused; what it sent before stands", async () => {
      const shop = await openFor(makeDriver);
      await shop.store.load({ agents: [STORED] });
      const before = shop.send(suspended("S-1"));
      const revocation = shop.store.load({ revokedAgents: [STORED.id] });
      const after = shop.send(suspended("S-2"));
      expect(await before).toMatchObject({ type: "loaded" });
      await revocation;
      expect(await after).toMatchObject({ type: "refused", code: "NOT_ALLOWED" });
      expect(await collected(shop.driver.events({ subject: "account-0" }))).toMatchObject([
        { outcome: "applied" },
        { outcome: "refused", refusal: "NOT_ALLOWED" },
      ]);
    });

    it("of another role learns nothing of what is stored under an id", async () => {
      const shop = await openFor(makeDriver);
      const eventId = shop.newId();
      await shop.send(suspended("S-1"), { eventId });
      const agent = lycee("lycee-1", "LYCEE-1");
      for (const event of [suspended("S-1"), suspended("S-2")]) {
        expect(await shop.send(event, { eventId, agent })).toMatchObject({
          type: "refused",
          code: "NOT_ALLOWED",
        });
      }
    });

    it("of another établissement learns nothing of it either; its own is answered again", async () => {
      const shop = await openFor(makeDriver);
      const eventId = shop.newId();
      await shop.send(ordered, { agent: OPERATOR });
      const own = lycee("lycee-1", "LYCEE-1");
      await shop.send(validated, { eventId, agent: own });
      const other = lycee("lycee-2", "LYCEE-2");
      expect(await shop.send(validated, { eventId, agent: other })).toMatchObject({
        type: "refused",
        code: "NOT_ALLOWED",
      });
      for (const agent of [own, OPERATOR]) {
        expect(await shop.send(validated, { eventId, agent })).toMatchObject({ replayed: true });
      }
    });

    it("is told of in the trail with what was done, or not at all", async () => {
      const shop = await openFor(makeDriver);
      await shop.store.load({ agents: [STORED] });
      await shop.store.load({ revokedAgents: [STORED.id] }, [row("1")]);
      const misfit = { ...STORED, id: "x", etablissement: "LYCEE-1" };
      await expect(shop.store.load({ agents: [misfit] }, [row("2")])).rejects.toThrow(
        LoadRefusedError,
      );
      expect(await collected(shop.driver.events({ subject: STORED.id }))).toMatchObject([
        { id: "1", type: "agent.revoked", outcome: "applied" },
      ]);
      expect(await shop.store.agent("x")).toBeNull();
      expect(codeOf(await shop.authorize())).toBe("APPROVED");
    });
  });
}
