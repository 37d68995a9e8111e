// The holders' accounts on one kind of driver: one code opens one account, tries are counted, a PIN counts at once.

import { describe, expect, it } from "vitest";
import type { HolderStore, PasswordHash, PinAct } from "../../../gateway/src/core/holders.js";
import { FREE_TRIES } from "../../../gateway/src/core/login-throttle.js";
import type { CardStatus } from "../../../gateway/src/core/model.js";
import type { Driver, EventRow } from "../../../gateway/src/store/driver.js";
import { HOLDER, trailRow } from "../../../gateway/src/trail.js";
import { seededKeys } from "../../support/keys.js";
import { collected } from "../../support/ledger.js";
import { type HeldCard, TEST_PIN } from "../../support/presentations.js";
import { seededRandom } from "../../support/random.js";
import { codeOf, OPERATOR, type Shop, type ShopOptions } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

const DOSSIER = "account-0";
const NEW_PIN = "8642";
const DAY_MS = 24 * 3_600_000;

const bytes = (text: string) => Buffer.from(text.padEnd(32, "."));
const PASSWORD: PasswordHash = { salt: bytes("s"), hash: bytes("h"), params: "scrypt N=2 r=8 p=1" };
const CODE = bytes("code");

interface Account {
  readonly shop: Shop;
  readonly holders: HolderStore<EventRow>;
  invite(change?: { readonly beneficiary?: string; readonly codeHash?: Buffer }): Promise<boolean>;
  tryPassword(dossier?: string): ReturnType<HolderStore<EventRow>["tryPassword"]>;
  tryCode(codeHash?: Buffer): Promise<string>;
  open(codeHash?: Buffer, password?: PasswordHash): Promise<boolean>;
  /** Sets the PIN as the holder of the first card would, and tells what came of it. */
  setPin(card?: HeldCard, pin?: string): Promise<string>;
  /** Types of the audit trail's rows about the holder, with who made them. */
  trail(): Promise<readonly string[]>;
  sale(pin: string, card?: HeldCard): Promise<string>;
}

/** A shop whose first beneficiary has an account with a password, unless it was asked to stay unopened. */
async function openAccount(
  makeDriver: MakeDriver,
  options: ShopOptions & { wrap?: (driver: Driver) => Driver; opened?: boolean } = {},
): Promise<Account> {
  const shop = await openFor(makeDriver, options);
  const { holders } = shop.store;
  // The shop's own: its seed makes them.
  const { keys } = seededKeys(seededRandom(options.seed ?? 1));
  const random = seededRandom(7);
  const row = (
    type: PinAct | "account.invited" | "account.opened",
    by: typeof HOLDER | typeof OPERATOR,
  ) =>
    trailRow(
      { type, subject: DOSSIER, by, nowMs: shop.clock.nowMs(), came: { outcome: "applied" } },
      random,
    );
  const account: Account = {
    shop,
    holders,
    invite: ({ beneficiary = DOSSIER, codeHash = CODE } = {}) => {
      const expiresAtMs = shop.clock.nowMs() + 7 * DAY_MS;
      const opening = { beneficiary, refusedPins: Buffer.alloc(16), codeHash, expiresAtMs };
      return holders.keepOpening(opening, row("account.invited", OPERATOR));
    },
    tryPassword: (dossier = DOSSIER) => holders.tryPassword({ dossier, slot: 3 }),
    tryCode: async (codeHash = CODE) =>
      (await holders.tryOpening({ dossier: DOSSIER, slot: 3, codeHash })).type,
    open: (codeHash = CODE, password = PASSWORD) =>
      holders.open({ dossier: DOSSIER, codeHash, password }, row("account.opened", HOLDER)),
    async setPin(card = shop.card(), pin = NEW_PIN) {
      const set = await holders.setPin({
        dossier: DOSSIER,
        password: PASSWORD,
        isSame: ({ sealedNumber, credential }) =>
          keys.pins.isSame({ sealedNumber, credential, pin }),
        define: () => credentialOf(card, pin),
        trailOf: (act) => row(act, HOLDER),
      });
      return set === null ? "entered no more" : set.type;
    },
    trail: async () =>
      (await collected(shop.driver.events({ subject: DOSSIER }))).map(
        ({ type, agentId, role }) => `${type} by ${agentId} as ${role}`,
      ),
    sale: async (pin, card = shop.card()) =>
      codeOf(await shop.authorize({ evidence: shop.terminal().scan(card, pin), purchaseCents: 1 })),
  };
  if (options.opened !== false) {
    await account.invite();
    await account.open();
  }
  return account;
}

function credentialOf(card: HeldCard, pin: string) {
  const { credential } = card.record({ pin });
  if (!credential) throw new Error("a record with a PIN has its verification value");
  return credential;
}

/** An event that brings a card, as its maker knows it. */
function cardOf(held: HeldCard) {
  const { id, generation, lastFour, numberIndex, numberEncrypted, identifierIndex } = held.record();
  return { id, generation, lastFour, numberIndex, numberEncrypted, identifierIndex };
}

export function describeHolders(makeDriver: MakeDriver): void {
  describe("a holder's account", () => {
    it("is opened once by its code, and the trail says so", async () => {
      const account = await openAccount(makeDriver, { opened: false });
      expect(await account.invite()).toBe(true);
      expect(await account.tryPassword()).toEqual({ type: "look", password: null });
      expect([await account.tryCode(), await account.open(), await account.open()]).toEqual([
        "right",
        true,
        false,
      ]);
      expect([await account.tryCode(), await account.tryPassword()]).toMatchObject([
        "wrong",
        { type: "look", password: { params: PASSWORD.params } },
      ]);
      expect(await account.trail()).toEqual([
        "account.invited by operator-1 as operator",
        "account.opened by (holder) as holder",
      ]);
    });

    it("is nobody's who is not in the records, and that leaves no row", async () => {
      const account = await openAccount(makeDriver, { opened: false });
      expect(await account.invite({ beneficiary: "account-9" })).toBe(false);
      expect(await account.trail()).toEqual([]);
    });

    it("is opened by its newest code alone, and not after its last instant", async () => {
      const account = await openAccount(makeDriver, { opened: false });
      await account.invite({ codeHash: bytes("old") });
      await account.invite({ codeHash: bytes("new") });
      expect(await account.open(bytes("old"))).toBe(false);
      account.shop.clock.advance(7 * DAY_MS);
      expect([await account.tryCode(bytes("new")), await account.open(bytes("new"))]).toEqual([
        "wrong",
        false,
      ]);
    });

    it("keeps its password until another code has set another", async () => {
      const account = await openAccount(makeDriver);
      await account.invite({ codeHash: bytes("again") });
      expect(await account.setPin()).toBe("set");
      expect(await account.open(bytes("again"), { ...PASSWORD, hash: bytes("other") })).toBe(true);
      expect(await account.setPin()).toBe("entered no more");
      expect(await account.holders.enter({ dossier: DOSSIER, password: PASSWORD })).toBeNull();
    });
  });

  describe("tries of a password", () => {
    const looks = (tries: readonly { readonly type: string }[]) =>
      tries.filter(({ type }) => type === "look").length;

    it.each([
      ["of an account", DOSSIER],
      ["of a dossier that nobody has", "account-9"],
    ])("%s, a hundred at once, are looked at five times", async (_whose, dossier) => {
      const account = await openAccount(makeDriver);
      const tries = await Promise.all(
        Array.from({ length: 100 }, () => account.tryPassword(dossier)),
      );
      expect(looks(tries)).toBe(FREE_TRIES);
      expect(tries.at(-1)).toEqual({ type: "throttled", waitMs: 60_000 });
      account.shop.clock.advance(60_000);
      const later = [await account.tryPassword(dossier), await account.tryPassword(dossier)];
      expect(later).toMatchObject([{ type: "look" }, { type: "throttled", waitMs: 120_000 }]);
    });

    it.each([
      ["of an account", DOSSIER],
      ["of a dossier that nobody has", "account-9"],
    ])("%s are forgotten a day after their wait, whoever made them", async (_whose, dossier) => {
      const account = await openAccount(makeDriver);
      const { clock } = account.shop;
      const typesOf = async (count: number) => {
        const types: string[] = [];
        for (let made = 0; made < count; made += 1) {
          types.push((await account.tryPassword(dossier)).type);
        }
        return types;
      };
      await typesOf(FREE_TRIES);
      clock.advance(60_000 + DAY_MS - 1);
      expect(await typesOf(2)).toEqual(["look", "throttled"]);
      clock.advance(120_000 + DAY_MS);
      expect(await typesOf(FREE_TRIES + 1)).toEqual([
        ...Array.from({ length: FREE_TRIES }, () => "look"),
        "throttled",
      ]);
    });

    it.each([
      ["of an account", DOSSIER],
      ["of a dossier that nobody has", "account-9"],
    ])(
      "%s are looked at after a clock that was far ahead is put right",
      async (_whose, dossier) => {
        const account = await openAccount(makeDriver);
        const { clock } = account.shop;
        clock.advance(400 * DAY_MS);
        for (let made = 0; made < FREE_TRIES; made += 1) await account.tryPassword(dossier);
        clock.advance(-400 * DAY_MS);
        expect([await account.tryPassword(dossier), await account.tryPassword(dossier)]).toEqual([
          expect.objectContaining({ type: "look" }),
          { type: "throttled", waitMs: 120_000 },
        ]);
      },
    );

    it("are still counted by another store on the same rows", async () => {
      const account = await openAccount(makeDriver);
      for (let made = 0; made < FREE_TRIES; made += 1) await account.tryPassword();
      const again = account.shop.openStore(account.shop.driver).holders;
      expect(await again.tryPassword({ dossier: DOSSIER, slot: 3 })).toMatchObject({
        type: "throttled",
      });
    });

    it("begin anew after a right one, and after a new code", async () => {
      const account = await openAccount(makeDriver);
      const exhaust = async () => {
        for (let made = 0; made < FREE_TRIES; made += 1) await account.tryPassword();
      };
      await exhaust();
      await account.holders.enter({ dossier: DOSSIER, password: PASSWORD });
      expect(await account.tryPassword()).toMatchObject({ type: "look" });
      await exhaust();
      await account.invite();
      expect(await account.tryPassword()).toMatchObject({ type: "look" });
    });

    it("count wrong codes too, and never keep out who has the right one", async () => {
      const account = await openAccount(makeDriver, { opened: false });
      await account.invite();
      const codes: string[] = [];
      for (let made = 0; made <= FREE_TRIES; made += 1)
        codes.push(await account.tryCode(bytes("x")));
      expect(codes).toEqual([...Array.from({ length: FREE_TRIES }, () => "wrong"), "throttled"]);
      expect([await account.tryPassword(), await account.tryCode()]).toMatchObject([
        { type: "throttled" },
        "right",
      ]);
    });
  });

  describe("a PIN that its holder sets", () => {
    it("counts for the next sale, as the old one does not, in the order of the queue", async () => {
      const account = await openAccount(makeDriver);
      const [before, set, old, after] = await Promise.all([
        account.sale(TEST_PIN),
        account.setPin(),
        account.sale(TEST_PIN),
        account.sale(NEW_PIN),
      ]);
      expect([before, set, old, after]).toEqual(["APPROVED", "set", "PIN_INCORRECT", "APPROVED"]);
      expect((await account.trail()).at(-1)).toBe("pin.changed by (holder) as holder");
    });

    it("is the first of a card that had none, and unlocks one that was locked", async () => {
      const account = await openAccount(makeDriver);
      const { shop } = account;
      await shop.store.load({ cards: [shop.card().record({ pin: null })] });
      const state = () => account.holders.enter({ dossier: DOSSIER, password: PASSWORD });
      expect(await state()).toMatchObject({ pin: "NOT_SET", card: { status: "ACTIVE" } });
      expect([await account.setPin(), await account.sale(NEW_PIN)]).toEqual(["set", "APPROVED"]);
      for (const _ of [1, 2, 3]) await account.sale(TEST_PIN);
      expect([await account.sale(NEW_PIN), await state()]).toMatchObject([
        "PIN_LOCKED",
        { pin: "LOCKED" },
      ]);
      await account.setPin(shop.card(), "9753");
      expect(await state()).toMatchObject({ pin: "SET" });
      expect([await account.sale(NEW_PIN), await account.sale("9753")]).toEqual([
        "PIN_INCORRECT",
        "APPROVED",
      ]);
      expect((await account.trail()).slice(2)).toEqual([
        "pin.defined by (holder) as holder",
        "pin.unlocked by (holder) as holder",
      ]);
    });

    it.each(["set", "locked"])(
      "is refused where it is the one that is %s: a new one is asked for",
      async (state) => {
        const account = await openAccount(makeDriver);
        if (state === "locked") for (const _ of [1, 2, 3]) await account.sale(NEW_PIN);
        expect(await account.setPin(account.shop.card(), TEST_PIN)).toBe("pinRefused");
        expect([await account.sale(TEST_PIN), (await account.trail()).length]).toEqual([
          state === "locked" ? "PIN_LOCKED" : "APPROVED",
          2,
        ]);
        expect([await account.setPin(), await account.setPin()]).toEqual(["set", "pinRefused"]);
        expect(await account.setPin(account.shop.card(), TEST_PIN)).toBe("set");
      },
    );

    it.each<CardStatus>(["ORDERED", "BLOCKED", "LOST", "STOLEN", "REPLACED", "EXPIRED"])(
      "is not taken for a card that is %s",
      async (status) => {
        const account = await openAccount(makeDriver);
        const { shop } = account;
        await shop.store.load({ cards: [shop.card().record({ status })] });
        const { holders } = account;
        expect(await holders.enter({ dossier: DOSSIER, password: PASSWORD })).toMatchObject({
          pin: null,
          card: { status },
        });
        expect(await account.setPin()).toBe("noActiveCard");
        expect((await account.trail()).length).toBe(2);
      },
    );

    it("is the newest active card's where a person has two (T-58)", async () => {
      const account = await openAccount(makeDriver, { cards: 2, oneAccount: true });
      const { shop } = account;
      expect(await account.setPin(shop.card(1))).toBe("set");
      expect([
        await account.sale(TEST_PIN, shop.card(0)),
        await account.sale(NEW_PIN, shop.card(1)),
      ]).toEqual(["APPROVED", "APPROVED"]);
      await shop.store.load({ cards: [shop.card(1).record({ status: "BLOCKED" })] });
      await account.setPin(shop.card(0), "9753");
      expect(await account.sale("9753", shop.card(0))).toBe("APPROVED");
    });

    it("stays with the card: a replacement has none until it is set", async () => {
      const account = await openAccount(makeDriver);
      const { shop } = account;
      const replacement = shop.newCard(DOSSIER);
      const card = cardOf(replacement);
      const replaced = { type: "card.replaced", beneficiary: DOSSIER, card } as const;
      await shop.send({ ...replaced, replacedCardId: shop.card().id }, { agent: OPERATOR });
      expect(await account.sale(TEST_PIN, replacement)).toBe("PIN_NOT_SET");
      expect(codeOf(await shop.authorize({ evidence: replacement.tap() }))).toBe("PIN_NOT_SET");
      await account.setPin(replacement);
      expect(await account.sale(NEW_PIN, replacement)).toBe("APPROVED");
      expect(codeOf(await shop.authorize({ evidence: replacement.tap(), purchaseCents: 1 }))).toBe(
        "APPROVED",
      );
    });

    it("stays through a revalidation", async () => {
      const account = await openAccount(makeDriver);
      await account.setPin();
      const about = { beneficiary: DOSSIER, campaign: "2022/2023", etablissement: "LYCEE-1" };
      const ordered = { ...about, type: "card.ordered", holder: "Camille D." } as const;
      const agent = OPERATOR;
      await account.shop.send({ ...ordered, charterAcceptedOn: "2023-01-10" }, { agent });
      const attributes = { status: "LYCEEN", level: "SECONDE", track: "GENERALE", formation: null };
      const validated = { ...about, type: "beneficiary.validated" } as const;
      const flags = { flags: [], birthDay: "2006-05-01" };
      const sent = { ...validated, attributes: { ...attributes, ...flags } };
      expect(codeOf(await account.shop.send(sent, { agent }))).toBe("loaded");
      expect(await account.sale(NEW_PIN)).toBe("APPROVED");
    });

    it("is set with its row in the trail, or not at all", async () => {
      let isBroken = false;
      const wrap = (driver: Driver): Driver => ({
        ...driver,
        async applyEvent(event, writes) {
          if (isBroken) throw new Error("no room for the row");
          await driver.applyEvent(event, writes);
        },
      });
      const account = await openAccount(makeDriver, { wrap });
      isBroken = true;
      await expect(account.setPin()).rejects.toThrow("no room");
      isBroken = false;
      expect([await account.sale(TEST_PIN), (await account.trail()).length]).toEqual([
        "APPROVED",
        2,
      ]);
    });
  });
}
