// Each fault that can be scripted by its name, and each code, is what a till with the SDK then sees.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isPublicCode, outcomeSpec, PUBLIC_CODES, type PublicCode } from "@pass-tpe/protocol";
import { type SaleResult, softwarePinPad, Terminal } from "@pass-tpe/terminal-sdk";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { createVirtualCard } from "../card/index.js";
import { simulatedReader } from "../readers/direct-reader.js";
import { GATEWAY_CODES, type GatewayCode, isProblemCode, operationOf } from "./codes.js";
import { gatewayDouble } from "./double.js";
import { FAULTS, type Fault } from "./faults.js";

/** No late answer comes while a test runs. */
const double = gatewayDouble({ wait: () => new Promise(() => undefined) });
const { demoCard } = double;
const server = setupServer(...double.handlers);
server.listen({ onUnhandledRequest: "error" });
afterAll(() => server.close());

const SALE = { avantage: "SPECTACLE", purchaseCents: 1_800 };
const ALWAYS = { times: 20 };

let folder: string;
let terminal: Terminal;
let reader: ReturnType<typeof simulatedReader>;
/** What the holder types; null is the cancel key. */
let typed: string | null = "4821";

beforeEach(async () => {
  double.reset();
  typed = "4821";
  folder = mkdtempSync(join(tmpdir(), "gateway-double-"));
  reader = simulatedReader();
  terminal = await Terminal.open({
    gateway: double.url,
    journal: join(folder, "journal"),
    readers: [reader],
    pinPad: softwarePinPad({
      pinKey: demoCard.pinKey,
      keyFile: join(folder, "pin.key"),
      digits: async () => typed,
    }),
    deadlines: { saleMs: 1_200, tryMs: 400, marginMs: 100, readMs: 600 },
  });
});
afterEach(async () => {
  double.reset();
  await terminal.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A sale by a tap. */
function sell(): Promise<SaleResult> {
  reader.tap(demoCard.nfc);
  return terminal.sell(SALE);
}

const results = () =>
  double.requests.flatMap(({ operation, result }) => (operation === "authorize" ? result : []));
const APPROVED = { outcome: "approved", code: "APPROVED", amountCents: 1_800 };
const UNKNOWN = { outcome: "unknown", code: "TIMEOUT" };

describe("a fault that is told by its name", () => {
  /** What the till sees where it meets one request, and where it meets them all. */
  const SEEN: Readonly<Record<Fault, { readonly once: object; readonly always: object }>> = {
    unreachable: { once: APPROVED, always: { outcome: "declined", code: "UNREACHABLE" } },
    connectionReset: { once: APPROVED, always: UNKNOWN },
    timeout: { once: APPROVED, always: UNKNOWN },
    http503: { once: APPROVED, always: UNKNOWN },
    delay: { once: APPROVED, always: UNKNOWN },
    lateReply: { once: APPROVED, always: UNKNOWN },
    lostReply: { once: APPROVED, always: UNKNOWN },
    cutReply: { once: APPROVED, always: UNKNOWN },
    garbage: { once: APPROVED, always: UNKNOWN },
    wrongId: { once: APPROVED, always: UNKNOWN },
    duplicate: { once: APPROVED, always: APPROVED },
    splitReply: { once: APPROVED, always: APPROVED },
    newerGateway: {
      once: { outcome: "approved", code: "NEWER_APPROVED", amountCents: 1_800 },
      always: { outcome: "approved", code: "NEWER_APPROVED", amountCents: 1_800 },
    },
  };

  test.each(FAULTS)("%s, once: the till sees the truth, and one debit is made", async (fault) => {
    double.fail(fault);
    expect(await sell()).toMatchObject(SEEN[fault].once);
    expect(double.balanceOf("SPECTACLE")).toBe(1_200);
  });

  test.each(FAULTS)(
    "%s, always: what is not known stands for nothing in the end",
    async (fault) => {
      double.fail(fault, ALWAYS);
      const result = await sell();
      expect(result).toMatchObject(SEEN[fault].always);
      if (result.outcome === "unknown") {
        expect(await result.resolved).toMatchObject({ outcome: "reversed" });
      }
      expect(double.balanceOf("SPECTACLE")).toBe(result.outcome === "approved" ? 1_200 : 3_000);
    },
  );

  test("503 of a proxy can say when to come again", async () => {
    double.fail("http503", { retryAfterMs: 1_500 });
    const response = await fetch(`${double.url}/v1/authorizations`, { method: "POST" });
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "2"]);
  });

  test("a decline of a later version is declined, one of its problems is none of the sale's", async () => {
    double.next({ code: "CARD_EXPIRED" });
    double.fail("newerGateway");
    expect(await sell()).toMatchObject({ outcome: "declined", code: "NEWER_CARD_EXPIRED" });
    double.next({ code: "FORMAT_ERROR" });
    double.fail("newerGateway");
    reader.remove();
    expect(await sell()).toMatchObject({ outcome: "declined", code: "NEWER_FORMAT_ERROR" });
  });

  test("what met no answer, and what did, stands in the record", async () => {
    double.fail("cutReply");
    double.fail("duplicate");
    await sell();
    expect(results()).toEqual(["cutReply", "APPROVED", "APPROVED"]);
  });
});

describe("a code that is told by its name", () => {
  /** A repeat of the same id gets the decision: the till waits, and sees these only where they stay. */
  const PASSING: readonly GatewayCode[] = [
    "RATE_LIMITED",
    "MAINTENANCE",
    "SYSTEM_ERROR",
    "IN_PROGRESS",
  ];
  /** After a 5xx nobody knows whether the sale was decided. */
  const DOUBTFUL: readonly GatewayCode[] = ["SYSTEM_ERROR", "IN_PROGRESS"];

  /** What the till asks for so that this code is an answer. */
  async function ask(code: GatewayCode) {
    const id = "019ad0f0-0000-7000-8000-000000000001";
    switch (operationOf(code)) {
      case "capture":
        return terminal.capture(id);
      case "refund":
        return terminal.refund({ of: id });
      case "reverse":
        return terminal.reverse(id);
      case "inquire":
        reader.tap(demoCard.nfc);
        return terminal.inquire();
      default:
        return sell();
    }
  }

  test.each(GATEWAY_CODES.filter((code) => !PASSING.includes(code)))("%s", async (code) => {
    // A tap is followed by the code secret: the second request is told the same.
    double.answer(code);
    if (operationOf(code) !== "authorize") double.next({ code });
    const { outcome, ...shown } = await ask(code);
    expect(shown).toMatchObject({ code });
    const isApproval = outcomeSpec(code).kind === "approval";
    if (!isApproval) expect(outcome).toBe("declined");
    else expect(["approved", "captured", "refunded", "reversed"]).toContain(outcome);
  });

  test.each(PASSING)("%s once: the same id is decided after it", async (code) => {
    double.next({ code, retryAfterMs: 1 });
    expect(await sell()).toMatchObject(APPROVED);
    expect(results()).toContain(code);
  });

  test.each(PASSING)("%s always", async (code) => {
    expect(isProblemCode(code)).toBe(true);
    double.answer(code);
    expect(await sell()).toMatchObject(
      DOUBTFUL.includes(code) ? UNKNOWN : { outcome: "declined", code },
    );
  });
});

describe("a code that the terminal gives by itself comes by", () => {
  type OwnCode = Exclude<PublicCode, GatewayCode>;
  const whenAsked = (act: () => void) => terminal.on("waitingForCard", act);
  const untilRefused = () =>
    new Promise<{ code: string }>((resolve) => terminal.on("readRefused", resolve));
  const cancelled = async (refused: Promise<{ code: string }>, sale: Promise<SaleResult>) => {
    const shown = await refused;
    await terminal.cancel();
    await sale;
    return shown;
  };
  const torn = () =>
    createVirtualCard({
      profile: "sdm",
      uid: Uint8Array.of(4, 1, 2, 3, 4, 5, 6),
      keys: { metaReadKey: new Uint8Array(16), fileReadKey: new Uint8Array(16) },
      removeAfterApdus: 2,
    });

  /** The one line that brings it about, and what the till is shown. */
  const BY: Readonly<Record<OwnCode, () => Promise<{ readonly code: string }>>> = {
    READER_UNAVAILABLE: () => {
      reader.unplug();
      return terminal.sell(SALE);
    },
    SALE_CANCELLED: () => {
      whenAsked(() => void terminal.cancel());
      return terminal.sell(SALE);
    },
    NO_CARD: async () => {
      reader.remove();
      return terminal.sell(SALE);
    },
    NOT_A_PASS_CARD: () => {
      const refused = untilRefused();
      reader.tap(createVirtualCard({ profile: "wrongApplication" }));
      return cancelled(refused, terminal.sell(SALE));
    },
    CARD_UNREADABLE: () => {
      const refused = untilRefused();
      reader.tap(torn());
      return cancelled(refused, terminal.sell(SALE));
    },
    PIN_CANCELLED: () => {
      typed = null;
      whenAsked(() => reader.scan(demoCard.qrText));
      return terminal.sell(SALE);
    },
    UNREACHABLE: () => {
      double.fail("unreachable", ALWAYS);
      return sell();
    },
    TIMEOUT: () => {
      double.fail("timeout", ALWAYS);
      return sell();
    },
  };

  test.each(PUBLIC_CODES.filter((code) => outcomeSpec(code).givenBy === "terminal"))(
    "%s",
    async (code) => {
      if (!(code in BY)) throw new Error(`nothing brings ${code} about`);
      const { [code as OwnCode]: bring } = BY;
      expect(isPublicCode(code)).toBe(true);
      expect(await bring()).toMatchObject({ code });
    },
  );
});
