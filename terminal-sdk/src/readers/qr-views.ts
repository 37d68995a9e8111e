// Other views of a picture, for the QR codes that cannot be found in the picture as it came.

/** One grey picture, row by row from the top left, one byte a pixel, 0 black. */
export interface LuminanceFrame {
  readonly width: number;
  readonly height: number;
  readonly luminance: Uint8ClampedArray | Uint8Array;
}

/** The turn of the 9-40-41 triangle, 12.68°: enough for the scan lines to cross a code elsewhere. */
const TILT = { cos: 40 / 41, sin: 9 / 41 };

/**
 * The picture turned by 12.68° about its middle, whole, its edges drawn outwards into the corners.
 *
 * The library's search for patterns mistakes a part of some codes for one, above all in a code that stands quite
 * straight, and then gives up; turned a little, the same code is found.
 */
export function tiltedView(frame: LuminanceFrame): LuminanceFrame {
  const width = Math.ceil(frame.width * TILT.cos + frame.height * TILT.sin);
  const height = Math.ceil(frame.height * TILT.cos + frame.width * TILT.sin);
  const luminance = new Uint8ClampedArray(width * height);
  for (let y = 0; y < height; y += 1) {
    const fromMiddleY = y - height / 2;
    for (let x = 0; x < width; x += 1) {
      const fromMiddleX = x - width / 2;
      luminance[y * width + x] = greyBetween(frame, {
        x: TILT.cos * fromMiddleX + TILT.sin * fromMiddleY + frame.width / 2,
        y: TILT.cos * fromMiddleY - TILT.sin * fromMiddleX + frame.height / 2,
      });
    }
  }
  return { width, height, luminance };
}

/** The picture at half its size, each pixel the mean of four: grain and blur go, a large code stays. */
export function halfView(frame: LuminanceFrame): LuminanceFrame {
  const width = Math.floor(frame.width / 2);
  const height = Math.floor(frame.height / 2);
  const luminance = new Uint8ClampedArray(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [left, top] = [2 * x, 2 * y];
      const upper = grey(frame, left, top) + grey(frame, left + 1, top);
      const lower = grey(frame, left, top + 1) + grey(frame, left + 1, top + 1);
      luminance[y * width + x] = (upper + lower) / 4;
    }
  }
  return { width, height, luminance };
}

/** The grey at a point that falls between four pixels, each weighed by how near it is. */
function greyBetween(frame: LuminanceFrame, point: { x: number; y: number }): number {
  const left = Math.floor(point.x);
  const top = Math.floor(point.y);
  const right = point.x - left;
  const down = point.y - top;
  const upper = grey(frame, left, top) * (1 - right) + grey(frame, left + 1, top) * right;
  const lower = grey(frame, left, top + 1) * (1 - right) + grey(frame, left + 1, top + 1) * right;
  return upper * (1 - down) + lower * down;
}

/** A pixel; outside the picture, the nearest one of its edge. */
function grey({ width, height, luminance }: LuminanceFrame, x: number, y: number): number {
  const column = x < 0 ? 0 : x >= width ? width - 1 : x;
  const row = y < 0 ? 0 : y >= height ? height - 1 : y;
  return luminance[row * width + column] ?? 0;
}
