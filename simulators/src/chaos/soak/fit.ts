// A straight line through measurements, by least squares.

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** @returns how much `y` grows with each `x`; zero of fewer than two different `x`. */
export function slopeOf(points: readonly Point[]): number {
  const count = points.length;
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / count;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / count;
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const together = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  return spread > 0 ? together / spread : 0;
}
