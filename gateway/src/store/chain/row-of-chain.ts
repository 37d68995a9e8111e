// What is told of a row of the chain: its name, so that whoever reads a finding can look it up, and its instant.

import { nameOfAttempt, nameOfReversal } from "../row-names.js";
import type { ChainRow } from "./driver.js";

const fieldsOf = ({ shape, values }: ChainRow) => shape.fieldsOf(values);

/** A sealed row in words. Its fields may be of anybody's making. */
export function nameOfRow(row: ChainRow): string {
  const fields = fieldsOf(row);
  const told = (name: string) => String(fields[name]);
  const sale = { terminalId: told("terminalId"), id: told("id") };
  switch (row.source) {
    case "attempts":
      return nameOfAttempt(sale);
    case "reversals":
      return nameOfReversal(sale);
    case "operations":
      return `${told("kind")} ${told("id")} of ${told("terminalId")} ${told("attemptId")}`;
    case "entries":
      return `entry of ${told("units")} on grant ${told("accountId")} ${told("grantId")} by ${told("terminalId")} ${told("attemptId")}`;
    case "events":
      return `event ${told("id")}, ${told("type")} of ${told("subject")}`;
  }
}

/** When it was made, Unix milliseconds. */
export function instantOfRow(row: ChainRow): number {
  return Number(fieldsOf(row)[row.source === "attempts" ? "decidedAtMs" : "atMs"]);
}
