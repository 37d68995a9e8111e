// Tells the operator of a terminal that became suspect: a line in the log and a count in the metrics.

import type { Logger, Metrics } from "../observe.js";
import type { Alarmed } from "./guesses.js";

/** Builds what tells of alarms. The operator knows whom to call: the line names the terminal. */
export function tellAlarms({ log, metrics }: { log: Logger; metrics: Metrics }): Alarmed {
  return {
    onEnumeration(terminalId) {
      metrics.countEnumerationSuspected();
      log.warn({ terminalId }, "enumeration suspected: this terminal shows cards that are none");
    },
    onPinLocked(terminalId) {
      metrics.countPinLockedAlarm();
      log.warn({ terminalId }, "many codes are locked at this terminal: somebody may try them");
    },
  };
}
