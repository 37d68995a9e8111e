// The ways in which a plan can be made simpler without leaving an act out.

import type { Act, Deed, Fault, Plan, SaleDeed } from "../plan.js";

/** Makes a plan simpler; applied to one that has changed meanwhile it still makes that one simpler. */
type Simplification = (plan: Plan) => Plan;

/** Every simplification that would change this plan. */
export function simplerPlans(plan: Plan): Simplification[] {
  const deeds = plan.acts.flatMap(({ deed }, place) =>
    simplerDeeds(deed).map(
      (simpler): Simplification =>
        (it) =>
          withAct(it, place, (act) => ({ ...act, deed: simpler })),
    ),
  );
  const faults = plan.faults.flatMap((fault, place) =>
    simplerFaults(fault).map(
      (simpler): Simplification =>
        (it) => ({ ...it, faults: it.faults.with(place, simpler) }),
    ),
  );
  return [...deeds, ...faults, ...simplerStocks(plan)];
}

function withAct(plan: Plan, place: number, change: (act: Act) => Act): Plan {
  return { ...plan, acts: plan.acts.map((act, at) => (at === place ? change(act) : act)) };
}

function simplerDeeds(deed: Deed): readonly Deed[] {
  if (deed.type === "capture" || deed.type === "refund") {
    return deed.units === null ? [] : [{ ...deed, units: null }];
  }
  return deed.type === "sale" ? simplerSales(deed) : [];
}

function simplerSales(deed: SaleDeed): readonly SaleDeed[] {
  const { mishap, holds, exact, how, pin } = deed;
  return [
    ...(mishap === null ? [] : [{ ...deed, mishap: null }]),
    ...(holds ? [{ ...deed, holds: false }] : []),
    ...(exact ? [{ ...deed, exact: false }] : []),
    ...(how === "number" ? [{ ...deed, how: "code" as const }] : []),
    ...(how === "tap" || pin === "right" ? [] : [{ ...deed, pin: "right" as const }]),
  ];
}

function simplerFaults(fault: Fault): readonly Fault[] {
  if (fault.type !== "network" || fault.probability === 1) return [];
  return [{ ...fault, probability: 1 }];
}

/** Terminals, cards and accounts that nobody uses are at the end, or stay. */
function simplerStocks({ stock, acts, faults }: Plan): readonly Simplification[] {
  const cards = acts.flatMap(({ deed }) => {
    if (deed.type !== "sale") return deed.type === "inquire" ? [deed.card] : [];
    return [deed.card, ...(deed.mishap?.type === "twoCards" ? [deed.mishap.other] : [])];
  });
  const places = [...acts, ...faults].flatMap((one) =>
    "terminal" in one && one.terminal !== null ? [one.terminal] : [],
  );
  const terminals = Math.max(0, ...places) + 1;
  const cardCount = Math.max(0, ...cards) + 1;
  const kept = stock.cards.slice(0, cardCount);
  const accounts = stock.accounts.slice(0, Math.max(0, ...kept) + 1);
  const isSmaller =
    terminals < stock.terminals ||
    kept.length < stock.cards.length ||
    accounts.length < stock.accounts.length;
  if (!isSmaller) return [];
  return [(plan) => ({ ...plan, stock: { terminals, accounts, cards: kept } })];
}
