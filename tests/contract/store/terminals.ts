// How terminals get their credentials: one winner for a code, one certificate in force, and none for who is revoked.

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { EventRow } from "../../../gateway/src/store/driver.js";
import type { Enrolled, Renewal } from "../../../gateway/src/store/terminals/steps.js";
import { collected } from "../../support/ledger.js";
import { partnerRecord, type Shop } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
const NEW = "terminal-new";
/** Enrolled by the shop itself. */
const OLD = "terminal-0";

const digestOf = (secret: string) => createHash("sha256").update(secret).digest();
const keyHashOf = (device: string) => createHash("sha256").update(`key of ${device}`).digest();

/** What tests do to a shop's terminals; everything that is issued is numbered. */
function deskAt(shop: Shop) {
  const { terminals } = shop.store;
  let issuedCount = 0;
  let rowCount = 0;

  const row = (type: string, subject: string): EventRow => {
    rowCount += 1;
    return {
      id: `row-${rowCount}`,
      agentId: "operator-1",
      role: "operator",
      type,
      subject,
      atMs: shop.clock.nowMs(),
      fingerprint: digestOf(type),
      outcome: "applied",
      refusal: null,
      notes: [],
    };
  };

  const stepFor = (type: string, device: string) => ({
    keyHash: keyHashOf(device),
    nowMs: shop.clock.nowMs(),
    issue(terminalId: string) {
      issuedCount += 1;
      const number = String(issuedCount).padStart(4, "0");
      return {
        certificate: `certificate ${number} of ${terminalId}`,
        certificateFingerprint: number.padStart(64, "c"),
        certificateExpiresAtMs: shop.clock.nowMs() + YEAR_MS,
        initialKeyId: `50415353${number.padStart(8, "F")}`,
      };
    },
    trailOf: ({ terminalId }: Enrolled | Renewal) => row(type, terminalId),
  });

  return {
    issued: () => issuedCount,
    makeCode(secret: string, code: { terminalId?: string; at?: string; validMs?: number } = {}) {
      const { terminalId = NEW, at: pointOfSaleId = "pos-1", validMs = HOUR_MS } = code;
      const expiresAtMs = shop.clock.nowMs() + validMs;
      const asked = { terminalId, pointOfSaleId, digest: digestOf(secret), expiresAtMs };
      return terminals.makeCode(asked, row("code-made", terminalId));
    },
    enrol: (secret: string, device: string) =>
      terminals.enrol({ digest: digestOf(secret), ...stepFor("enrolled", device) }),
    renew: (
      { terminalId, issued }: Enrolled | Renewal,
      device: string,
      options: { keepsPinKey?: boolean; mayRepeat?: boolean } = {},
    ) => {
      const { keepsPinKey = false, mayRepeat = true } = options;
      const step = stepFor("renewed", device);
      return terminals.renew({
        terminalId,
        certificateFingerprint: issued.certificateFingerprint,
        ...step,
        mayRepeat: () => mayRepeat,
        issue: (id) => ({ ...step.issue(id), ...(keepsPinKey ? { initialKeyId: null } : {}) }),
      });
    },
    confirm: ({ terminalId, issued }: Enrolled | Renewal, mayPutInForce = true) =>
      terminals.confirm({
        mayPutInForce: () => mayPutInForce,
        terminalId,
        certificateFingerprint: issued.certificateFingerprint,
        nowMs: shop.clock.nowMs(),
        trailOf: ({ terminalId: subject }) => row("confirmed", subject),
      }),
    /** Who is known by what was issued; null where nobody is. */
    async holderOf({ issued }: Enrolled | Renewal): Promise<string | null> {
      const known = await shop.store.terminalByCertificate(issued.certificateFingerprint);
      return known?.id ?? null;
    },
    async listed(terminalId = NEW) {
      const list = (await terminals.atPartner("partner-1")) ?? [];
      return list.find(({ id }) => id === terminalId);
    },
    trail: async (terminalId = NEW) =>
      (await collected(shop.driver.events({ subject: terminalId }))).map(({ type }) => type),
  };
}

function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error("the test expects something");
  return value;
}

async function openDesk(makeDriver: MakeDriver) {
  const shop = await openFor(makeDriver);
  return { shop, desk: deskAt(shop) };
}

/** A terminal that was enrolled by a code. */
async function openEnrolled(makeDriver: MakeDriver) {
  const { shop, desk } = await openDesk(makeDriver);
  await desk.makeCode("first");
  return { shop, desk, enrolled: present(await desk.enrol("first", "device")) };
}

export function describeTerminals(makeDriver: MakeDriver): void {
  describe("an activation code", () => describeCodes(makeDriver));
  describe("a terminal that is enrolled anew", () => describeReplacement(makeDriver));
  describe("a renewal", () => describeRenewal(makeDriver));
  describe("the list of terminals", () => describeList(makeDriver));
}

function describeCodes(makeDriver: MakeDriver): void {
  it("makes a terminal at its point of sale, and both are in the audit trail", async () => {
    const { shop, desk, enrolled } = await openEnrolled(makeDriver);
    expect(enrolled).toMatchObject({ terminalId: NEW, pointOfSaleId: "pos-1" });
    expect(await desk.holderOf(enrolled)).toBe(NEW);
    expect(await shop.store.place(NEW)).toMatchObject({ pointOfSale: { id: "pos-1" } });
    expect(await desk.trail()).toEqual(["code-made", "enrolled"]);
  });

  it("has one winner among devices that use it at once, and one certificate is issued", async () => {
    const { desk } = await openDesk(makeDriver);
    await desk.makeCode("code");
    const devices = Array.from({ length: 50 }, (_, index) => `device-${index}`);
    const results = await Promise.all(devices.map((device) => desk.enrol("code", device)));
    expect(results.filter((result) => result !== null)).toHaveLength(1);
    expect(desk.issued()).toBe(1);
    expect(await desk.trail()).toEqual(["code-made", "enrolled"]);
  });

  it("gives the same device the same answer again, and leaves one row", async () => {
    const { desk, enrolled } = await openEnrolled(makeDriver);
    expect(await desk.enrol("first", "device")).toMatchObject(enrolled);
    expect(await desk.enrol("first", "another")).toBeNull();
    expect(desk.issued()).toBe(1);
    expect(await desk.trail()).toEqual(["code-made", "enrolled"]);
  });

  it("is good until its instant, and not at it", async () => {
    const { shop, desk } = await openDesk(makeDriver);
    await desk.makeCode("code", { validMs: 1_000 });
    shop.clock.advance(999);
    const enrolled = await desk.enrol("code", "device");
    expect(enrolled).not.toBeNull();
    shop.clock.advance(1);
    expect(await desk.enrol("code", "device")).toBeNull();
    await desk.makeCode("late", { validMs: 1_000 });
    shop.clock.advance(1_000);
    expect(await desk.enrol("late", "device")).toBeNull();
  });

  it("is void once a newer one is made, used or not", async () => {
    const { desk, enrolled } = await openEnrolled(makeDriver);
    await desk.makeCode("second");
    expect(await desk.enrol("first", "device")).toBeNull();
    expect(await desk.holderOf(enrolled)).toBe(NEW);
    await desk.makeCode("third");
    expect(await desk.enrol("second", "device")).toBeNull();
    expect(await desk.enrol("third", "device")).not.toBeNull();
  });

  it("of one terminal does not touch another's", async () => {
    const { desk } = await openDesk(makeDriver);
    await desk.makeCode("one");
    await desk.makeCode("other", { terminalId: "terminal-other" });
    expect(await desk.enrol("one", "device")).toMatchObject({ terminalId: NEW });
    expect(await desk.enrol("other", "device-2")).toMatchObject({ terminalId: "terminal-other" });
  });

  it("that nobody made enrols nobody", async () => {
    const { desk } = await openDesk(makeDriver);
    expect(await desk.enrol("invented", "device")).toBeNull();
    expect(desk.issued()).toBe(0);
  });

  it("is not made for a point of sale that is not there", async () => {
    const { desk } = await openDesk(makeDriver);
    expect(await desk.makeCode("code", { at: "pos-none" })).toBe("noPointOfSale");
    expect(await desk.trail()).toEqual([]);
  });

  it("is neither made for a revoked terminal nor good for one", async () => {
    const { shop, desk, enrolled } = await openEnrolled(makeDriver);
    await desk.makeCode("second");
    await shop.store.load({ revokedTerminals: [NEW] });
    expect(await desk.enrol("second", "device")).toBeNull();
    expect(await desk.makeCode("third")).toBe("revoked");
    const { certificateFingerprint } = enrolled.issued;
    expect(await shop.store.terminalByCertificate(certificateFingerprint)).toEqual({
      id: NEW,
      status: "revoked",
    });
  });

  it("gives a device that was revoked since no answer again", async () => {
    const { shop, desk } = await openEnrolled(makeDriver);
    await shop.store.load({ revokedTerminals: [NEW] });
    expect(await desk.enrol("first", "device")).toBeNull();
  });

  it("moves a terminal within its partner, and never to another one", async () => {
    const { shop, desk } = await openEnrolled(makeDriver);
    const pointOfSale = { name: "Caisse", city: "Lyon" };
    await shop.store.load({
      partners: [partnerRecord({ id: "partner-2", conventions: [] })],
      pointsOfSale: [
        { id: "pos-moved", partnerId: "partner-1", ...pointOfSale },
        { id: "pos-other", partnerId: "partner-2", ...pointOfSale },
      ],
    });
    expect(await desk.makeCode("other", { at: "pos-other" })).toBe("ofAnotherPartner");
    expect(await desk.makeCode("moved", { at: "pos-moved" })).toBe("made");
    await desk.enrol("moved", "device");
    expect(await shop.store.place(NEW)).toMatchObject({ pointOfSale: { id: "pos-moved" } });
  });

  it("is worth nothing once its point of sale is another partner's", async () => {
    const { shop, desk } = await openEnrolled(makeDriver);
    const moved = { id: "pos-moved", name: "Caisse", city: "Lyon" };
    await shop.store.load({
      partners: [partnerRecord({ id: "partner-2", conventions: [] })],
      pointsOfSale: [{ ...moved, partnerId: "partner-1" }],
    });
    await desk.makeCode("second", { at: "pos-moved" });
    await shop.store.load({ pointsOfSale: [{ ...moved, partnerId: "partner-2" }] });
    expect(await desk.enrol("second", "device")).toBeNull();
  });
}

function describeReplacement(makeDriver: MakeDriver): void {
  it("is known by its new certificate alone, and its PIN keys are counted from zero", async () => {
    const { shop, desk } = await openDesk(makeDriver);
    await shop.authorize({ evidence: shop.terminal().scan(shop.card()) });
    expect(await desk.listed(OLD)).toMatchObject({ ksnCounter: 1 });
    await desk.makeCode("code", { terminalId: OLD });
    const enrolled = present(await desk.enrol("code", "device"));
    expect(await desk.holderOf(enrolled)).toBe(OLD);
    const { certificateFingerprint } = shop.terminal().record();
    expect(await shop.store.terminalByCertificate(certificateFingerprint)).toBeNull();
    expect(await desk.listed(OLD)).toMatchObject({
      ksnCounter: 0,
      initialKeyId: enrolled.issued.initialKeyId,
    });
  });

  it("keeps its certificate while the code is not used", async () => {
    const { desk, enrolled } = await openEnrolled(makeDriver);
    await desk.makeCode("second");
    expect(await desk.holderOf(enrolled)).toBe(NEW);
  });

  it("by raw record, has no renewal of before", async () => {
    const { shop, desk, enrolled } = await openEnrolled(makeDriver);
    const renewal = present(await desk.renew(enrolled, "next"));
    const record = shop.terminal().record({
      id: NEW,
      certificateFingerprint: "d".repeat(64),
      initialKeyId: "5041535300000042",
    });
    await shop.store.load({ terminals: [record] });
    expect(await desk.confirm(renewal)).toBeNull();
    expect(await desk.listed()).toMatchObject({ renewalAskedAtMs: null });
  });
}

function describeRenewal(makeDriver: MakeDriver): void {
  it("leaves what is in force until it is confirmed, and nothing of it then", async () => {
    const { shop, desk, enrolled } = await openEnrolled(makeDriver);
    shop.clock.advance(HOUR_MS);
    const renewal = present(await desk.renew(enrolled, "next"));
    expect([await desk.holderOf(enrolled), await desk.holderOf(renewal)]).toEqual([NEW, null]);
    const { certificateFingerprint } = renewal.issued;
    expect(await shop.store.terminals.renewing(certificateFingerprint)).toMatchObject({ id: NEW });

    const { certificateExpiresAtMs } = renewal.issued;
    expect(await desk.confirm(renewal)).toEqual({ terminalId: NEW, certificateExpiresAtMs });
    expect([await desk.holderOf(enrolled), await desk.holderOf(renewal)]).toEqual([null, NEW]);
    expect(await shop.store.terminals.renewing(certificateFingerprint)).toBeNull();
    expect(await desk.trail()).toEqual(["code-made", "enrolled", "renewed", "confirmed"]);
  });

  it("is confirmed once, however often it is said", async () => {
    const { desk, enrolled } = await openEnrolled(makeDriver);
    const renewal = present(await desk.renew(enrolled, "next"));
    const confirmed = await desk.confirm(renewal);
    expect(await desk.confirm(renewal)).toEqual(confirmed);
    expect(await desk.trail()).toEqual(["code-made", "enrolled", "renewed", "confirmed"]);
  });

  it("under way is counted with its base key, as what is in force is", async () => {
    const { shop, desk, enrolled } = await openEnrolled(makeDriver);
    const count = () => shop.driver.keyUse.terminalsUnder("50415353");
    const before = await count();
    const kept = present(await desk.renew(enrolled, "next", { keepsPinKey: true }));
    await desk.confirm(kept);
    expect(await count()).toBe(before);
    const { id } = shop.terminal();
    await shop.store.load({ terminals: [shop.terminal().record({ initialKeyId: null })] });
    expect(await count()).toBe(before - 1);
    const certificateFingerprint = shop.terminal().record().certificateFingerprint;
    const own = { terminalId: id, pointOfSaleId: "pos-1" };
    const issued = { ...enrolled.issued, certificateFingerprint };
    present(await desk.renew({ ...own, issued }, "device of the shop"));
    expect(await count()).toBe(before);
  });

  it("whose PIN key is worth nothing any more is not confirmed, and what is in force stays", async () => {
    const { desk, enrolled } = await openEnrolled(makeDriver);
    const renewal = present(await desk.renew(enrolled, "next"));
    expect(await desk.confirm(renewal, false)).toBeNull();
    expect([await desk.holderOf(enrolled), await desk.holderOf(renewal)]).toEqual([NEW, null]);
    expect(await desk.trail()).toEqual(["code-made", "enrolled", "renewed"]);
  });

  it("for the same key is the same again, and for another key another one", async () => {
    const { desk, enrolled } = await openEnrolled(makeDriver);
    const renewal = present(await desk.renew(enrolled, "next"));
    expect((await desk.renew(enrolled, "next"))?.issued).toMatchObject(renewal.issued);
    expect(desk.issued()).toBe(2);
    const other = present(await desk.renew(enrolled, "other"));
    expect(await desk.confirm(renewal)).toBeNull();
    expect(await desk.confirm(other)).toMatchObject({ terminalId: NEW });
  });

  it("for the same key is another one, where what was issued may not be given again", async () => {
    const { desk, enrolled } = await openEnrolled(makeDriver);
    const renewal = present(await desk.renew(enrolled, "next"));
    const other = present(await desk.renew(enrolled, "next", { mayRepeat: false }));
    expect(await desk.confirm(renewal)).toBeNull();
    expect(await desk.confirm(other)).toMatchObject({ terminalId: NEW });
  });

  it("with a new PIN key counts its keys from zero, and without one goes on with the old", async () => {
    const { shop, desk } = await openDesk(makeDriver);
    const { certificateFingerprint, initialKeyId } = shop.terminal().record();
    const issued = { certificateFingerprint } as Enrolled["issued"];
    const old = { terminalId: OLD, pointOfSaleId: "pos-1", issued };
    await shop.authorize({ evidence: shop.terminal().scan(shop.card()) });
    const kept = present(await desk.renew(old, "next", { keepsPinKey: true }));
    expect(kept.issued.initialKeyId).toBeNull();
    await desk.confirm(kept);
    expect(await desk.holderOf(kept)).toBe(OLD);
    expect(await desk.listed(OLD)).toMatchObject({ initialKeyId, ksnCounter: 1 });
    const next = present(await desk.renew(kept, "after"));
    await desk.confirm(next);
    const { initialKeyId: nextKeyId } = next.issued;
    expect(await desk.listed(OLD)).toMatchObject({ initialKeyId: nextKeyId, ksnCounter: 0 });
  });

  it("without a PIN key leaves a terminal that has none without one, beside another such", async () => {
    const { shop, desk, enrolled } = await openEnrolled(makeDriver);
    const record = { id: OLD, initialKeyId: null };
    await shop.store.load({ terminals: [shop.terminal().record(record)] });
    const { certificateFingerprint } = shop.terminal().record(record);
    const issued = { certificateFingerprint } as Enrolled["issued"];
    const old = { terminalId: OLD, pointOfSaleId: "pos-1", issued };
    await desk.renew(enrolled, "other", { keepsPinKey: true });
    await desk.confirm(present(await desk.renew(old, "next", { keepsPinKey: true })));
    expect(await desk.listed(OLD)).toMatchObject({ initialKeyId: null, ksnCounter: 0 });
  });

  it("is not for who has been enrolled anew meanwhile", async () => {
    const { desk, enrolled } = await openEnrolled(makeDriver);
    const renewal = present(await desk.renew(enrolled, "next"));
    await desk.makeCode("second");
    await desk.enrol("second", "replacement");
    expect(await desk.confirm(renewal)).toBeNull();
    expect(await desk.renew(enrolled, "next")).toBeNull();
  });

  it("is neither given to a revoked terminal nor put in force for one", async () => {
    const { shop, desk, enrolled } = await openEnrolled(makeDriver);
    const renewal = present(await desk.renew(enrolled, "next"));
    await shop.store.load({ revokedTerminals: [NEW] });
    expect(await desk.confirm(renewal)).toBeNull();
    expect(await desk.renew(enrolled, "next")).toBeNull();
    expect(await desk.confirm(enrolled)).toBeNull();
  });

  it("that was given is told no more by the code of before", async () => {
    const { desk, enrolled } = await openEnrolled(makeDriver);
    await desk.confirm(present(await desk.renew(enrolled, "device")));
    expect(await desk.enrol("first", "device")).toBeNull();
  });

  it("of nothing is no confirmation", async () => {
    const { shop, desk } = await openDesk(makeDriver);
    // Loaded as an early version did, without an end.
    const { certificateFingerprint } = shop.terminal().record();
    const issued = { certificateFingerprint } as Enrolled["issued"];
    const old = { terminalId: OLD, pointOfSaleId: "pos-1", issued };
    expect(await desk.confirm(old)).toBeNull();
  });
}

function describeList(makeDriver: MakeDriver): void {
  it("tells how each terminal of a partner stands, in the order of ids", async () => {
    const { shop, desk, enrolled } = await openEnrolled(makeDriver);
    const enrolledAtMs = shop.clock.nowMs();
    shop.clock.advance(1_000);
    await desk.renew(enrolled, "next");
    await shop.store.load({ revokedTerminals: [OLD] });
    expect(await shop.store.terminals.atPartner("partner-1")).toEqual([
      expect.objectContaining({ id: OLD, status: "revoked", enrolledAtMs: null }),
      expect.objectContaining({ id: "terminal-1", status: "active", renewalAskedAtMs: null }),
      {
        id: NEW,
        pointOfSaleId: "pos-1",
        status: "active",
        enrolledAtMs,
        certificateExpiresAtMs: enrolledAtMs + YEAR_MS,
        initialKeyId: enrolled.issued.initialKeyId,
        ksnCounter: 0,
        renewalAskedAtMs: enrolledAtMs + 1_000,
      },
    ]);
  });

  it("is empty for a partner without terminals, and none for no partner", async () => {
    const { shop } = await openDesk(makeDriver);
    await shop.store.load({ partners: [partnerRecord({ id: "partner-2", conventions: [] })] });
    expect(await shop.store.terminals.atPartner("partner-2")).toEqual([]);
    expect(await shop.store.terminals.atPartner("partner-3")).toBeNull();
  });
}
