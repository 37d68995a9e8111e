// Turns the faults of a plan into what the world asks of its network, its disks and its clocks, and into deaths in time.

import { gatewayDiskOf } from "./faults/gateway-disk.js";
import { networkOf } from "./faults/network.js";
import { faultsOf, terminalName } from "./faults/of-type.js";
import { terminalDiskOf } from "./faults/terminal-disk.js";
import { type FaultKind, tell } from "./faults/told.js";
import type { Faultiness, Hands } from "./hands.js";
import type { Plan } from "./plan.js";

/** Everything that goes wrong in a plan. Choices that it leaves open are drawn from streams of its seed. */
export function faultinessOf(plan: Plan, hands: Hands): Faultiness {
  return {
    weather: networkOf(plan, hands),
    ...gatewayDiskOf(plan, hands),
    diskWeather: terminalDiskOf(plan, hands),
    skewMs: clocksOf(plan, hands),
    begin: () => planInstants(plan, hands),
  };
}

/** How far a machine's clock is ahead: by the last thing that befell it. The gateway's is set right at the end. */
function clocksOf(plan: Plan, hands: Hands): (machine: string) => number {
  const skews = faultsOf(plan.faults, "skew");
  return (machine) => {
    const now = hands.nowMs();
    if (machine === GATEWAY && now >= plan.healsAtMs) return 0;
    let ms = 0;
    let sinceMs = -1;
    for (const { terminal, fromMs, ms: wrongByMs } of skews) {
      const isIts = (terminal === null ? GATEWAY : terminalName(terminal)) === machine;
      if (isIts && fromMs <= now && fromMs > sinceMs) [ms, sinceMs] = [wrongByMs, fromMs];
    }
    return ms;
  };
}

const GATEWAY = "";
/** Who sets the gateway's clock restarts it, and it is down for so long. */
const SET_RIGHT_MS = 500;

function planInstants(plan: Plan, hands: Hands): void {
  const struck = (kind: FaultKind, what: string, kill: () => boolean) => () => {
    if (kill()) tell(hands, kind, what);
  };
  for (const { when, downMs } of faultsOf(plan.faults, "gatewayDies")) {
    if (!("atMs" in when)) continue;
    const kill = () => hands.killGateway(downMs);
    hands.after(when.atMs, struck("gatewayDies", "the gateway", kill));
  }
  for (const { terminal, when, downMs } of faultsOf(plan.faults, "terminalDies")) {
    if (!("atMs" in when)) continue;
    const kill = () => hands.killTerminal(terminal, downMs);
    hands.after(when.atMs, struck("terminalDies", terminalName(terminal), kill));
  }
  const skews = faultsOf(plan.faults, "skew");
  if (skews.some(({ terminal }) => terminal === null)) {
    hands.after(plan.healsAtMs, () => hands.killGateway(SET_RIGHT_MS));
  }
  for (const { terminal, fromMs, ms } of skews) {
    hands.after(fromMs, () => {
      if (terminal === null) tell(hands, "gatewaySkew", `the gateway's clock is ${ms} ms ahead`);
      else tell(hands, "terminalSkew", `the clock of ${terminalName(terminal)} is ${ms} ms ahead`);
    });
  }
}
