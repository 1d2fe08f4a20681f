// Keeps the newest words in sight while they stream, until the reader scrolls up; the pill brings them back. All of it happens
// in the browser: the server is not asked at 60 Hz.

const near = 56;

// How long a change that was asked for may take to be drawn, counted anew with every piece of it.
const anchorFor = 1500;
const unfolds = '[aria-expanded], [aria-pressed], [data-technical-switch], .show-more, .earlier, .more, .link-button, summary';
const prefix = 'copilot.scroll.';

export function mount(scroller, pill, sessionKey) {
  const column = scroller.firstElementChild;
  let key = sessionKey;
  let following = true;
  let target = null;
  let lastTop = 0;
  let anchor = null;
  let wanted = null;

  const distance = () => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
  const paint = () => {
    // While somebody reads further up, the browser keeps their place; at the end it would fight with the following.
    scroller.style.overflowAnchor = following ? 'none' : 'auto';
    pill.hidden = following || distance() < near;
  };

  const toEnd = smooth => {
    scroller.scrollTo({ top: scroller.scrollHeight, behavior: smooth ? 'smooth' : 'instant' });
    lastTop = scroller.scrollTop; // this move is not the reader's
  };

  const keep = () => {
    if (following) {
      copilotStorage.tab.remove(prefix + key);
    } else {
      copilotStorage.tab.save(prefix + key, Math.round(scroller.scrollTop));
    }
  };

  const restore = () => {
    const kept = copilotStorage.tab.read(prefix + key);
    target = kept === null ? null : Number(kept);
    following = target === null;
    lastTop = 0;
    settle();
  };

  // Content comes in pieces: the saved place is taken as soon as it exists.
  const settle = () => {
    const turn = wanted && column.querySelector(`[data-run="${CSS.escape(wanted)}"]`);
    if (turn) {
      wanted = null;
      target = null;
      following = false;
      scroller.scrollTop += turn.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 12;
      anchor = { element: turn, top: turn.getBoundingClientRect().top, until: performance.now() + anchorFor };
    }

    if (anchor && (performance.now() > anchor.until || !anchor.element.isConnected)) {
      anchor = null;
    }

    if (anchor) {
      // What somebody clicked stays under the pointer, whatever grows above and below it.
      const moved = anchor.element.getBoundingClientRect().top - anchor.top;
      if (Math.abs(moved) >= 1) {
        scroller.scrollTop += moved;
        anchor.until = performance.now() + anchorFor;
      }

      lastTop = scroller.scrollTop;
      following = distance() < near;
    } else if (target !== null) {
      if (scroller.scrollHeight - scroller.clientHeight >= target) {
        scroller.scrollTop = target;
        target = null;
      }
    } else if (following) {
      toEnd(false);
    }

    paint();
  };

  // Up is leaving, however small the step: near the end it would be taken back by the next word. Content that shrinks moves
  // the view up too, but leaves it at the end.
  const onScroll = () => {
    const top = scroller.scrollTop;
    if (top < lastTop && distance() > 2) {
      following = false;
      if (!anchor && target === null) {
        loadEarlier();
      }
    } else if (top > lastTop && distance() < near) {
      following = true;
    }

    lastTop = top;
    paint();
    keep();
  };

  const leave = () => {
    target = null;
    anchor = null;
  };

  // Before the page changes: what is unfolded grows in later renderings, and what was asked for comes above what is read.
  const onClick = event => {
    const control = event.target.closest(unfolds);
    if (control) {
      const element = control.matches('.show-more') ? control.nextElementSibling ?? control : control;
      anchor = { element, top: element.getBoundingClientRect().top, until: performance.now() + anchorFor };
    }
  };

  const loadEarlier = () => {
    const more = column.querySelector(':scope > .show-more');
    if (more && !anchor && scroller.scrollTop < near * 4) {
      more.click();
    }
  };

  const onWheel = event => {
    leave();
    if (event.deltaY < 0 && scroller.scrollHeight > scroller.clientHeight) {
      following = false;
    }
  };

  const follow = smooth => {
    target = null;
    anchor = null;
    following = true;
    keep();
    toEnd(smooth);
    paint();
  };

  const onPill = () => follow(!matchMedia('(prefers-reduced-motion: reduce)').matches);
  const onSent = () => follow(false);
  const observer = new ResizeObserver(settle);
  observer.observe(column);
  observer.observe(scroller);
  column.addEventListener('click', onClick, true);
  scroller.addEventListener('scroll', onScroll, { passive: true });
  scroller.addEventListener('wheel', onWheel, { passive: true });
  scroller.addEventListener('touchstart', leave, { passive: true });
  pill.addEventListener('click', onPill);
  document.addEventListener('copilot:sent', onSent);
  restore();

  return {
    show(next) {
      key = next;
      restore();
    },
    /** Brings a run into sight as soon as it is drawn. */
    jump(run) {
      wanted = run;
      settle();
    },
    dispose() {
      document.removeEventListener('copilot:sent', onSent);
      observer.disconnect();
    },
  };
}
