// How each answer that is no decision on the sale, and each one about an earlier request, is reached on the real gateway.

import { WAITING_PER_TERMINAL_MAX } from "../../gateway/src/store/turnstile.js";
import { latch } from "./fault-gate.js";
import { enrol } from "./pupils.js";
import type { Heard } from "./raw-till.js";
import type { Rig } from "./rig.js";
import type { GatewayRow } from "./row.js";

const by = "gateway";
const SHOW = { avantage: "SPECTACLE", purchaseCents: 500 };
const DEADLINE_MS = 4_000;
/** So that a till which waits for the gateway to open soon gives up. */
const SHORT_DEADLINE_MS = 500;
const HOUR_MS = 3_600_000;

async function aSale({ gateway, till, tap }: Rig) {
  return { id: till.newId(), evidence: tap(await enrol(gateway)), ...SHOW };
}

/** Does something while no commit ends. */
async function whileDiskHangs(
  rig: Rig,
  work: () => { readonly first: Promise<Heard>; readonly others: readonly Promise<unknown>[] },
): Promise<Heard> {
  const disk = latch();
  rig.gate.beforeNextBegin(() => disk.opened);
  const { first, others } = work();
  const heard = await first;
  disk.open();
  await Promise.all(others);
  return heard;
}

/** One terminal with more requests than may wait: the first answer is the refusal of the one too many. */
async function crowd(rig: Rig): Promise<Heard> {
  const { till } = rig;
  return whileDiskHangs(rig, () => {
    const all = Array.from({ length: WAITING_PER_TERMINAL_MAX + 1 }, () =>
      till.reverse(till.newId(), "automatic"),
    );
    return { first: Promise.race(all), others: all };
  });
}

export const TECHNICAL_ROWS: readonly GatewayRow[] = [
  {
    code: "MAINTENANCE",
    by,
    how: "a gateway whose clock has jumped by an hour",
    status: 503,
    async reach(rig) {
      const sale = { ...(await aSale(rig)), deadlineMs: SHORT_DEADLINE_MS };
      return rig.whileClockIsOff(HOUR_MS, () => rig.till.sell(sale));
    },
  },
  {
    code: "RATE_LIMITED",
    by,
    how: "one request more of a terminal than may wait",
    byHand: true,
    status: 429,
    reach: crowd,
  },
  {
    code: "SYSTEM_ERROR",
    by,
    how: "a disk that begins no transaction",
    byHand: true,
    status: 503,
    async reach(rig) {
      const sale = await aSale(rig);
      rig.gate.beforeNextBegin(() => {
        throw new Error("disk I/O error");
      });
      return rig.till.sell(sale);
    },
  },
  {
    code: "FORMAT_ERROR",
    by,
    how: "an amount as text",
    byHand: true,
    status: 400,
    reach: async (rig) =>
      rig.till.post("/v1/authorizations", { ...(await aSale(rig)), purchaseCents: "500" }),
  },
  {
    code: "OPERATION_NOT_SUPPORTED",
    by,
    how: "an operation that this gateway does not have",
    byHand: true,
    status: 404,
    reach: ({ till }) => till.post("/v1/refunds", {}),
  },
  {
    code: "OPERATION_NOT_SUPPORTED",
    by,
    how: "an avantage that the programme does not have",
    byHand: true,
    reach: async (rig) => rig.till.sell({ ...(await aSale(rig)), avantage: "PECHE" }),
  },
  {
    code: "TERMINAL_AUTH_FAILED",
    by,
    how: "a request without a client certificate",
    byHand: true,
    status: 401,
    reach: async (rig) => rig.till.postUnnamed("/v1/authorizations", await aSale(rig)),
  },
  {
    code: "DUPLICATE_CONFLICT",
    by,
    how: "an id that stands for another sale already",
    status: 409,
    async reach(rig) {
      const sale = await aSale(rig);
      await rig.till.sell(sale);
      return rig.till.sell({ ...sale, purchaseCents: 501 });
    },
  },
  {
    code: "IN_PROGRESS",
    by,
    how: "a sale that is still being decided when its time is up",
    byHand: true,
    status: 503,
    async reach(rig) {
      const sale = { ...(await aSale(rig)), deadlineMs: 100 };
      const heard = await whileDiskHangs(rig, () => ({
        first: rig.till.sell(sale),
        others: [],
      }));
      // The same id again gets what became of it, so that nothing of it is under way any more.
      await rig.till.reverse(sale.id, "automatic");
      return heard;
    },
  },
  {
    code: "ALREADY_REVERSED",
    by,
    ofEarlier: true,
    how: "a sale that comes after its own reversal (T-24)",
    async reach(rig) {
      const sale = await aSale(rig);
      await rig.till.reverse(sale.id, "automatic");
      return rig.till.sell(sale);
    },
  },
  {
    code: "DEADLINE_PASSED",
    by,
    how: "a sale whose turn comes when the terminal no longer waits",
    async reach(rig) {
      const sale = { ...(await aSale(rig)), deadlineMs: DEADLINE_MS };
      // The sealer's transactions too: whichever begins first, the sale's comes too late.
      const beLate = () => {
        rig.letPass(DEADLINE_MS);
        rig.gate.beforeNextBegin(beLate);
      };
      rig.gate.beforeNextBegin(beLate);
      const heard = await rig.till.sell(sale);
      rig.gate.beforeNextBegin(() => undefined);
      return heard;
    },
  },
  {
    code: "ORIGINAL_NOT_FOUND",
    by,
    how: "a cashier who reverses a sale that never was",
    status: 404,
    reach: ({ till }) => till.reverse(till.newId(), "manual"),
  },
  {
    code: "ORIGINAL_NOT_FOUND",
    by,
    how: "the status of a sale that never was",
    byHand: true,
    status: 404,
    reach: ({ till }) => till.read(`/v1/authorizations/${till.newId()}`),
  },
];
