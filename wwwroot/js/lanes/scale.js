// Where a moment of a run stands: time runs evenly, but for the idle stretches that the reader has folded to a narrow band.

// How much of the picture a folded stretch takes.
const BAND = 0.03;

/** The scale of a run: place(ms) on an even axis of this length, and time(place) back. A stretch that goes on ends at Infinity. */
export function fold(idle, end) {
  const known = idle.filter(([from, to]) => from < end && to > from).map(([from, to]) => [from, Math.min(to, end)]);
  const hidden = known.reduce((sum, [from, to]) => sum + to - from, 0);
  const band = Math.max(50, (end - hidden) * BAND);
  const pieces = [];
  let [time, place] = [0, 0];
  const add = (to, length, isFolded) => {
    pieces.push({ from: time, to, place, length, isFolded });
    place += length;
    time = to;
  };
  for (const [from, to] of known) {
    if (from > time) {
      add(from, from - time, false);
    }

    add(to, Math.min(band, to - from), true);
  }

  // The axis goes on beyond its end, as the clock may.
  add(Infinity, Math.max(0, end - time), false);
  const last = pieces.at(-1);
  return {
    length: place,
    bands: pieces.filter(piece => piece.isFolded),
    place(at) {
      const piece = pieces.find(one => at < one.to) ?? last;
      return piece === last ? piece.place + at - piece.from : piece.place + (at - piece.from) / (piece.to - piece.from) * piece.length;
    },
    time(at) {
      const piece = pieces.findLast(one => at >= one.place) ?? pieces[0];
      return piece === last ? piece.from + at - piece.place : piece.from + (at - piece.place) / Math.max(1e-6, piece.length) * (piece.to - piece.from);
    },
  };
}

/** Five moments, evenly over a window. */
export function ticks(scale, { from, to }) {
  const [first, last] = [scale.place(from), scale.place(to)];
  return [0, 0.25, 0.5, 0.75, 1].map(part => ({ part, at: scale.time(first + part * (last - first)) }));
}
