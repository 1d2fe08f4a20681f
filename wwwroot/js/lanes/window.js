// The reader's window on the run: the whole of it, or a part that can be made larger and moved.
const ZOOM = 1.4;
const SHORTEST = 20;

/** A window on an axis whose length is axis(); changed is called with whether it is a part. */
export function laneWindow(axis, changed) {
  let part = null;
  const now = () => part ?? { from: 0, to: axis() };
  const look = window => {
    part = window && (window.to - window.from < axis() - 1) ? window : null;
    changed(part !== null);
  };
  return {
    now,
    look,
    part: () => part,
    zoom(isNearer, middle) {
      const { from, to } = now();
      const length = Math.max(SHORTEST, Math.min(axis(), (to - from) * (isNearer ? 1 / ZOOM : ZOOM)));
      const share = (middle - from) / Math.max(1, to - from);
      const start = Math.max(0, Math.min(axis() - length, middle - length * share));
      look({ from: start, to: start + length });
    },
    pan(by) {
      const { from, to } = now();
      const start = Math.max(0, Math.min(axis() - (to - from), from + by));
      look({ from: start, to: start + to - from });
    },
    /** What was drawn from one moment to another. */
    brush: (one, other) => look({ from: Math.min(one, other), to: Math.max(one, other, Math.min(one, other) + SHORTEST) }),
    /** A bar with a margin; the whole again where it is looked at already. */
    frame(from, to) {
      const margin = Math.max(SHORTEST, (to - from) * 0.05);
      const start = Math.max(0, from - margin);
      look(part && Math.abs(part.from - start) < 1 ? null : { from: start, to: Math.min(axis(), to + margin) });
    },
  };
}
