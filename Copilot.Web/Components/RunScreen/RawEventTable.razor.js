// Keeps the newest row in sight while the table is at its end, and shows the row that was asked for.
import { takeTurn } from '../../js/draw-turns.js';

const near = 40;
const ROWS_AT_MOST = 100; // rows that are read already are there sooner

export function mount(scroller) {
  let newestFirst = false;
  let following = false;
  let wanted = null;
  const distance = () => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
  const onScroll = () => { following = !newestFirst && scroller.scrollTop > 0 && distance() < near; };
  // The table grows in pieces: the row that was asked for is shown as soon as there is room for it.
  const reach = () => {
    if (wanted === null || scroller.clientHeight === 0) {
      return;
    }

    const { top, height } = wanted;
    const head = scroller.querySelector('thead')?.offsetHeight ?? 0;
    if (scroller.scrollHeight < top + height + head) {
      return;
    }

    wanted = null;
    if (top < scroller.scrollTop || top + height + head > scroller.scrollTop + scroller.clientHeight) {
      following = false;
      scroller.scrollTop = Math.max(0, top - (scroller.clientHeight - head) / 2);
    }
  };
  const watch = new ResizeObserver(() => {
    reach();
    if (following) {
      scroller.scrollTop = scroller.scrollHeight;
    }
  });
  // What comes after the playhead is dimmed, in rows that come later, too.
  let playhead = null;
  const drawn = () => [...scroller.querySelectorAll('tr[data-seq]')];
  const follows = () => playhead !== null && !scroller.closest('[data-released]');
  const inSight = () => {
    const seqs = drawn().map(row => Number(row.dataset.seq));
    return playhead >= Math.min(...seqs) && playhead <= Math.max(...seqs);
  };
  const dim = () => {
    for (const row of drawn()) {
      const seq = Number(row.dataset.seq);
      row.classList.toggle('raw-future', playhead !== null && seq > playhead);
      row.classList.toggle('raw-here', seq === playhead);
    }
  };
  let tellDrawn = () => {};
  const rows = new MutationObserver(() => {
    tellDrawn();
    if (playhead !== null) {
      dim();
    }
  });
  const goTo = async (top, height) => {
    const before = scroller.scrollTop;
    if (follows()) {
      wanted = { top, height };
      reach();
    }

    if (scroller.scrollTop === before || inSight()) {
      dim();
    } else {
      await Promise.race([new Promise(resolve => { tellDrawn = resolve; }), new Promise(resolve => setTimeout(resolve, ROWS_AT_MOST))]);
    }
  };
  rows.observe(scroller, { childList: true, subtree: true, attributeFilter: ['data-seq'] });
  scroller.addEventListener('scroll', onScroll, { passive: true });
  watch.observe(scroller);
  watch.observe(scroller.firstElementChild);
  return {
    turn(newest) {
      newestFirst = newest;
      following = false;
      scroller.scrollTop = 0;
    },
    show(top, height) {
      wanted = { top, height };
      reach();
    },
    playhead(seq) {
      playhead = seq;
      // Far away, the table goes there next: the rows that leave are not dimmed once more before.
      if (!follows() || inSight()) {
        dim();
      }
    },
    // The rows and the conversation are drawn in turns.
    follow(top, height) {
      takeTurn(() => goTo(top, height));
    },
    dispose() {
      rows.disconnect();
      scroller.removeEventListener('scroll', onScroll);
      watch.disconnect();
    },
  };
}
