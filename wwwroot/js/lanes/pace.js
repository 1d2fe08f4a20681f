// When the lanes are drawn: at the next frame after a change, however many there were, and otherwise only once the clock has moved something
// by a pixel. A frame that would show the same is not asked for.
const FASTEST = 33; // what only grows is drawn 30 times a second at most
const SLOWEST = 1000;
const CALM = 50; // for who wants less motion: soon after a change, and once a second

/** Calls draw; draw says how many milliseconds nothing moves, or null for until the next change. */
export function pace(draw) {
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  let frame = 0;
  let timer = 0;
  let stopped = false;
  const rest = () => {
    clearTimeout(timer);
    timer = 0;
  };
  const work = () => {
    frame = 0;
    rest();
    const still = stopped ? null : draw();
    if (still !== null) {
      timer = setTimeout(ask, calm.matches ? SLOWEST : Math.max(FASTEST, Math.min(SLOWEST, still)));
    }
  };
  const ask = () => {
    timer = 0;
    if (calm.matches) {
      work();
    } else {
      frame ||= requestAnimationFrame(work);
    }
  };
  return {
    soon() {
      if (calm.matches && !stopped) {
        rest();
        timer = setTimeout(work, CALM);
      } else {
        ask();
      }
    },
    stop() {
      stopped = true;
      cancelAnimationFrame(frame);
      rest();
    },
  };
}
