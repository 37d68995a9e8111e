// What waits for the store, and whose turn it is: sales before events, reads after what was sent before them.

import type { Answer, Command } from "../core/ports.js";

/** The most reads of one kind that may wait: a till's status is not crowded out by an agent's files. */
export const READS_WAITING_MAX = 256;

/** The most reads between two commits. */
const READS_TOGETHER_MAX = 64;

/** A command that waits for its commit. */
export interface Waiting {
  readonly command: Command;
  readonly arrivedMs: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Work that is no command: it runs between two commits and sees what is durable. */
export interface Work {
  /**
   * `sales`, `file` and `chain` only read; of the sealer's reads there is one at a time. `alone` may write, and everything
   * that came later waits for it.
   */
  readonly kind: "sales" | "file" | "chain" | "alone";
  readonly run: () => Promise<void>;
}

interface WaitingLine {
  /** Everything that waits. */
  size(): number;
  /** The sales that wait: nothing else comes before a new one, but what is being done and what stands alone. */
  sales(): number;
  /** The works that stand alone, and that wait. */
  alone(): number;
  isFullFor(kind: Work["kind"]): boolean;
  addCommand(waiting: Waiting): void;
  addWork(work: Work): void;
  /** The work that stands alone and whose turn it is; null where there is none. */
  takeAlone(): Work | null;
  /** The commands of the next commit: sales, then events, each in the order of their coming. */
  takeCommands(max: number): readonly Waiting[];
  /** The reads before which everything that they may ask about is done. */
  takeReads(): readonly Work[];
  /** Takes out every event of these agents. */
  takeEventsOf(agentIds: ReadonlySet<string>): readonly Waiting[];
  takeAll(): { readonly commands: readonly Waiting[]; readonly works: readonly Work[] };
}

type Placed<T> = T & { readonly place: number };

/** Places are given in the order of coming; they are never used up (2^53). */
export function createWaitingLine(): WaitingLine {
  const sales: Placed<Waiting>[] = [];
  const events: Placed<Waiting>[] = [];
  const reads: Placed<Work>[] = [];
  const alone: Placed<Work>[] = [];
  let next = 0;

  const placed = <T>(it: T): Placed<T> => {
    next += 1;
    return { ...it, place: next };
  };
  const first = (line: readonly { readonly place: number }[]): number =>
    line[0]?.place ?? Number.POSITIVE_INFINITY;

  /** Takes from the head of a line what came before everything that stands alone. */
  function takeFrom(line: Placed<Waiting>[], max: number): readonly Waiting[] {
    const until = first(alone);
    let count = 0;
    while (count < Math.min(max, line.length) && (line[count]?.place ?? until) < until) count += 1;
    return line.splice(0, count);
  }

  /** A status asks about sales alone; a file, about events too; the sealer, about whatever is there. */
  function isDue({ kind, place }: Placed<Work>): boolean {
    const before = Math.min(first(sales), first(alone));
    return place < (kind === "file" ? Math.min(before, first(events)) : before);
  }

  return {
    size: () => sales.length + events.length + reads.length + alone.length,
    sales: () => sales.length,
    alone: () => alone.length,
    isFullFor(kind) {
      if (kind === "alone" || kind === "chain") return false;
      return reads.filter((read) => read.kind === kind).length >= READS_WAITING_MAX;
    },
    addCommand(waiting) {
      (waiting.command.type === "load" ? events : sales).push(placed(waiting));
    },
    addWork(work) {
      (work.kind === "alone" ? alone : reads).push(placed(work));
    },
    takeAlone() {
      if (first(alone) > Math.min(first(sales), first(events), first(reads))) return null;
      return alone.shift() ?? null;
    },
    takeCommands(max) {
      const taken = takeFrom(sales, max);
      return [...taken, ...takeFrom(events, max - taken.length)];
    },
    takeReads() {
      const due = reads.filter(isDue).slice(0, READS_TOGETHER_MAX);
      const taken = new Set(due);
      reads.splice(0, reads.length, ...reads.filter((read) => !taken.has(read)));
      return due;
    },
    takeEventsOf(agentIds) {
      const isTheirs = ({ command }: Waiting) =>
        command.type === "load" && agentIds.has(command.agent.id);
      const taken = events.filter(isTheirs);
      events.splice(0, events.length, ...events.filter((waiting) => !isTheirs(waiting)));
      return taken;
    },
    takeAll: () => ({
      commands: [...sales.splice(0), ...events.splice(0)],
      works: [...reads.splice(0), ...alone.splice(0)],
    }),
  };
}
