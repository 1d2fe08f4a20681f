// The clock of a replay, as it was made on the server: straight lines between moments of playing and moments of the run, in milliseconds.
// Each is [from and to in the run, from and to in playing, what is noted of it].
const between = (value, from, to, first, last) => (to <= from ? last : first + (value - from) / (to - from) * (last - first));

/** A clock with nothing to play; load() gives it its lines. */
export function playbackClock() {
  let lines = [];
  const length = () => lines.at(-1)?.[1] ?? 0;
  const playLength = () => lines.at(-1)?.[3] ?? 0;
  const playAt = at => {
    const line = lines.find(one => at < one[1]);
    return line ? between(Math.max(at, line[0]), line[0], line[1], line[2], line[3]) : playLength();
  };

  return {
    load(news) {
      lines = news;
    },
    isEmpty: () => lines.length === 0,
    /** How long the run is. */
    length,
    /** How long playing it takes. */
    playLength,
    /** The moment of playing at which a moment of the run is shown. */
    playAt,
    /** The moment of the run that is shown at a moment of playing. */
    runAt(play) {
      const line = play <= 0 ? null : lines.find(one => play < one[3]);
      return play <= 0 ? 0 : line ? between(play, line[2], line[3], line[0], line[1]) : length();
    },
    /** Where a moment of the run stands on the bar, from 0 to 1; without a bar, the number that is given. */
    part: (at, otherwise) => (playLength() > 0 ? playAt(at) / playLength() : otherwise),
    /** What is noted of a line between two moments of the run. */
    note: (from, to) => lines.find(one => one[4] && one[0] <= to && one[1] > from)?.[4],
  };
}
