import { instantOf, wallOf } from "../wall-clock.ts";

/** A sequence of instants, in milliseconds, without end or with one. Any place of it is reached at once, not by walking there. */
export interface Clock {
  /** The first one after an instant; null when there is none. */
  next(after: number): number | null;
}

/** A sequence of wall-clock times as instants in a zone. Two of them that fall on one instant are one. */
export function wallClock(zone: string, nextWall: (after: number) => number | null): Clock {
  return {
    next(after) {
      // Of times that the clock shows twice, the first has passed while it shows them again: at most the repeated hour's are skipped here.
      for (let wall = nextWall(wallOf(after, zone)); wall !== null; wall = nextWall(wall)) {
        const instant = instantOf(wall, zone);
        if (instant > after) return instant;
      }
      return null;
    },
  };
}
