// Records what a reader says and waits for it, so that no test has to sleep.

import type { CardReader, Presented, ReaderEvent, ReaderState } from "@pass-tpe/terminal-sdk";

type EventOf<Type extends ReaderEvent["type"]> = Extract<ReaderEvent, { type: Type }>;

export interface RecordedReader {
  readonly reader: CardReader;
  /** Everything said so far, in order. */
  readonly events: readonly ReaderEvent[];
  /** Everything presented so far. */
  presented(): Presented[];
  /** The next event of this kind that was not handed out yet, now or when it comes. */
  next<Type extends ReaderEvent["type"]>(type: Type): Promise<EventOf<Type>>;
  /** Waits for the next `state` event with this status, past any with another. */
  untilStatus(status: ReaderState["status"]): Promise<void>;
}

/** Opens a reader and records what it says. */
export async function openRecorded(reader: CardReader): Promise<RecordedReader> {
  const events: ReaderEvent[] = [];
  const handedOut = new Set<ReaderEvent>();
  let wake: (() => void)[] = [];

  await reader.open((event) => {
    events.push(event);
    const waiting = wake;
    wake = [];
    for (const waiter of waiting) waiter();
  });

  async function next<Type extends ReaderEvent["type"]>(type: Type): Promise<EventOf<Type>> {
    for (;;) {
      for (const event of events) {
        if (handedOut.has(event) || !isOf(event, type)) continue;
        handedOut.add(event);
        return event;
      }
      await new Promise<void>((resolve) => wake.push(resolve));
    }
  }

  return {
    reader,
    events,
    presented: () => events.flatMap((event) => (isOf(event, "presented") ? [event.presented] : [])),
    next,
    async untilStatus(status) {
      let event = await next("state");
      while (event.state.status !== status) event = await next("state");
    },
  };
}

function isOf<Type extends ReaderEvent["type"]>(
  event: ReaderEvent,
  type: Type,
): event is EventOf<Type> {
  return event.type === type;
}
