// Whose turn it is: tills before bulk loads, reads after what was sent before them, and an agent's events in their order.

import { describe, expect, it } from "vitest";
import { BATCH_MAX, StoreBusyError } from "../../../gateway/src/store/engine.js";
import { EVENTS_WAITING_MAX, WAITING_PER_AGENT_MAX } from "../../../gateway/src/store/turnstile.js";
import { READS_WAITING_MAX } from "../../../gateway/src/store/waiting.js";
import { codeOf, OPERATOR, type Shop } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

/** The cheapest event. */
const report = (shop: Shop, agentId = OPERATOR.id) =>
  shop.send(
    {
      type: "incivility.reported",
      partner: "partner-1",
      report: shop.newId(),
      beneficiary: "account-0",
      receivedOn: "2023-03-14",
    },
    { agent: { ...OPERATOR, id: agentId } },
  );

const reports = (shop: Shop, count: number, agentId?: string) =>
  Array.from({ length: count }, () => report(shop, agentId));

export function describeTurns(makeDriver: MakeDriver): void {
  describe("a turn", () => {
    it("is a waiting sale's before that of events which came earlier", async () => {
      const order: string[] = [];
      const shop = await openFor(makeDriver);
      const noted = (what: string, answer: Promise<unknown>) => answer.then(() => order.push(what));
      const load = reports(shop, BATCH_MAX + 10).map((answer) => noted("event", answer));
      const sale = noted("sale", shop.authorize());
      await Promise.all([...load, sale]);
      expect(order[0]).toBe("sale");
      expect(order).toHaveLength(BATCH_MAX + 11);
    });

    it("is waited for by a bounded number of events, whoever sends them", async () => {
      const shop = await openFor(makeDriver);
      const load = ["a", "b", "c"].flatMap((id) => reports(shop, WAITING_PER_AGENT_MAX, id));
      expect(codeOf(await shop.authorize())).toBe("APPROVED");
      const codes = (await Promise.all(load)).map(codeOf);
      expect(codes.filter((code) => code === "loaded")).toHaveLength(EVENTS_WAITING_MAX);
      expect(codes.filter((code) => code === "overloaded")).toHaveLength(
        3 * WAITING_PER_AGENT_MAX - EVENTS_WAITING_MAX,
      );
      expect(codeOf(await report(shop, "c"))).toBe("loaded");
    });

    it("of a read comes after the sale that it asks about, and splits no commit", async () => {
      const sizes: number[] = [];
      const shop = await openFor(makeDriver, { store: { onCommit: (size) => sizes.push(size) } });
      const request = shop.request();
      const sale = shop.authorize(request);
      const status = shop.store.status(shop.terminal().id, request.id);
      const file = shop.store.beneficiary("account-0");
      const event = report(shop);
      const after = shop.authorize();
      expect(await status).toMatchObject({ state: "approved" });
      expect((await file).grants).toMatchObject([{ spent: 2000 }]);
      expect((await Promise.all([sale, event, after])).map(codeOf)).toEqual([
        "APPROVED",
        "loaded",
        "APPROVED",
      ]);
      expect(sizes).toEqual([3]);
    });

    it("of a read comes once the answers that are ready have been told, however many steps that takes", async () => {
      const order: string[] = [];
      const shop = await openFor(makeDriver, {
        wrap: (driver) => ({
          ...driver,
          readBeneficiary(query) {
            order.push("read");
            return driver.readBeneficiary(query);
          },
        }),
      });
      const told = async () => {
        await shop.authorize();
        for (let step = 0; step < 20; step += 1) await null;
        order.push("told");
      };
      await Promise.all([told(), shop.store.beneficiary("account-0")]);
      expect(order).toEqual(["told", "read"]);
    });

    it("of the sealer comes though events wait that were sent before it", async () => {
      const order: string[] = [];
      const shop = await openFor(makeDriver, {
        wrap: (driver) => ({
          ...driver,
          chain: {
            ...driver.chain,
            unsealed(query) {
              order.push("sealer");
              return driver.chain.unsealed(query);
            },
          },
        }),
      });
      const load = reports(shop, 2 * BATCH_MAX).map((sent) => sent.then(() => order.push("event")));
      await Promise.all([...load, shop.store.chain.seal()]);
      expect(order.indexOf("sealer")).toBeLessThan(order.lastIndexOf("event"));
    });

    it("of a file comes after the events that were sent before it", async () => {
      const shop = await openFor(makeDriver);
      const load = reports(shop, BATCH_MAX);
      const suspended = shop.send({
        type: "suspension.decided",
        beneficiary: "account-0",
        suspension: "S-1",
        campaign: "2022/2023",
        avantages: "ALL",
        decisionRef: "D-1",
      });
      const file = shop.store.beneficiary("account-0");
      expect((await file).suspensions).toHaveLength(1);
      await Promise.all([...load, suspended]);
    });

    it("is waited for by a bounded number of reads of each kind", async () => {
      const shop = await openFor(makeDriver);
      const files = Array.from({ length: READS_WAITING_MAX }, () =>
        shop.store.beneficiary("account-0"),
      );
      await expect(shop.store.beneficiary("account-0")).rejects.toThrow(StoreBusyError);
      expect(await shop.store.status("terminal-0", shop.newId())).toBeNull();
      expect(await Promise.all(files)).toHaveLength(READS_WAITING_MAX);
      expect((await shop.store.beneficiary("account-0")).account).not.toBeNull();
    });

    it("that is lost takes an agent's later events with it, so that none overtakes another", async () => {
      let isBusy = false;
      const shop = await openFor(makeDriver, {
        wrap: (driver) => ({
          ...driver,
          begin() {
            if (!isBusy) return driver.begin();
            isBusy = false;
            throw new Error("busy");
          },
        }),
      });
      isBusy = true;
      const load = reports(shop, BATCH_MAX + 10, "a");
      const other = report(shop, "b");
      expect(new Set((await Promise.all(load)).map(codeOf))).toEqual(new Set(["unavailable"]));
      expect(codeOf(await other)).toBe("loaded");
      expect(codeOf(await report(shop, "a"))).toBe("loaded");
    });
  });
}
