// Figures as a French reader expects them.

const euros = new Intl.NumberFormat("fr-FR", { style: "currency", currency: "EUR" });

/** `1 234,50 €`. */
export function eurosOf(cents: number): string {
  return euros.format(cents / 100);
}

/** `30/09/2023` of a civil date `2023-09-30`. */
export function frenchDay(day: string): string {
  return day.split("-").reverse().join("/");
}

/** « 1 débit », « 12 débits ». */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count > 1 ? "s" : ""}`;
}
