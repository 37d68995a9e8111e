// Tells how far a run of seeds is: how many days a second, and how long the rest takes at that.

const EVERY_MS = 5_000;

export interface Progress {
  played(soFar: { readonly played: number; readonly violations: number }): void;
  end(): void;
}

/** Tells every few seconds. @param options.seeds how many there are. */
export function createProgress(options: {
  readonly seeds: number;
  readonly tell: (line: string) => void;
}): Progress {
  const { seeds, tell } = options;
  const startedMs = performance.now();
  let soFar = { played: 0, violations: 0 };
  const timer = setInterval(() => {
    const { played, violations } = soFar;
    const perSecond = (played * 1_000) / (performance.now() - startedMs);
    const rest = played === 0 ? "" : `, ${duration((seeds - played) / perSecond)} left`;
    tell(
      `${played} of ${seeds} days, ${perSecond.toFixed(1)} a second${rest}, ${violations} violations`,
    );
  }, EVERY_MS);
  return {
    played(next) {
      soFar = next;
    },
    end: () => clearInterval(timer),
  };
}

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${Math.ceil(seconds)} s` : `${minutes} min ${Math.ceil(seconds % 60)} s`;
}
