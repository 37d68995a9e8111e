// Keeps the promises of the CardReader port for every reader: one presentation per arm, none while disarmed.

import type { Presented, ReaderEvent, ReaderSink, ReaderState, ReadRefusalCode } from "./reader.js";

/** Stands for one call of `arm()`. What was read for an earlier arm is dropped. */
export type Arming = number;

/** A reader speaks through its gate alone. Made by {@link createPresentationGate}. */
export interface PresentationGate {
  /** Where events go from now on. */
  open(sink: ReaderSink): void;
  arm(): void;
  disarm(): void;
  /** The arm that is waiting for a card, or null: a reader takes it when it starts to read. */
  arming(): Arming | null;
  /** Gives a presentation and ends the arm. Dropped if the arm is over; says whether it was given. */
  present(arming: Arming | null, presented: Presented, readMs: number): boolean;
  /** Gives a refusal and keeps waiting. Dropped if the arm is over. */
  refuse(arming: Arming | null, code: ReadRefusalCode, detail: string): void;
  /** Says that the card which lies there was given before and must leave. Dropped if the arm is over. */
  cardLeft(arming: Arming | null): void;
  /** Gives the reader's state if it is another than the last one. */
  state(state: ReaderState): void;
  /** No event leaves any more. */
  close(): void;
}

/** Makes the gate of one reader. Also for readers that integrators write themselves. */
export function createPresentationGate(): PresentationGate {
  let sink: ReaderSink | null = null;
  let armings = 0;
  let armed: Arming | null = null;
  let lastState = "";
  const emit = (event: ReaderEvent) => sink?.(event);
  const isOver = (arming: Arming | null) => arming === null || arming !== armed;
  return {
    open(to) {
      sink = to;
      lastState = "";
    },
    arm() {
      armings += 1;
      armed = armings;
    },
    disarm() {
      armed = null;
    },
    arming: () => armed,
    present(arming, presented, readMs) {
      if (isOver(arming)) return false;
      armed = null;
      emit({ type: "presented", presented, readMs });
      return true;
    },
    refuse(arming, code, detail) {
      if (isOver(arming)) return;
      emit({ type: "refused", code, detail });
    },
    cardLeft(arming) {
      if (!isOver(arming)) emit({ type: "cardLeft" });
    },
    state(state) {
      const text = JSON.stringify(state);
      if (text === lastState) return;
      lastState = text;
      emit({ type: "state", state });
    },
    close() {
      armed = null;
      sink = null;
    },
  };
}
