// The borders between the parts of the screen, moved by pointer or arrow keys and remembered; the arrow keys of the tabs; [ and ], which
// lead to the run before and after this one (with Alt where the player has these keys); and N, which leads to the next one not seen. The
// conversation stays at its newest words: in a replay until the wheel or a key releases a part and a pill takes it back, in a run that goes
// on as long as its reader is there.
import { callServer } from '../../js/connection.js';
import { isCommand, listenToPage } from '../../js/page-keys.js';

const KEY = 'copilot.run.split';
const LIMITS = { talk: [22, 65, '--talk-width'], events: [15, 80, '--events-height'] };
const STEP = 2;
const SCROLL_KEYS = ['PageUp', 'PageDown', 'Home', 'End', 'ArrowUp', 'ArrowDown'];

// Pixels from the end that still count as being there.
const NEAR_END = 40;
const CHAPTER_EVERY = 300;

export function mount(page, screen) {
  const listening = new AbortController();
  let split = {};
  try {
    split = JSON.parse(copilotStorage.browser.read(KEY) ?? '{}') ?? {};
  } catch {
    split = {}; // not ours any more
  }

  const set = (name, value) => {
    const [least, most, property] = LIMITS[name];
    split[name] = Math.max(least, Math.min(most, Math.round(value * 10) / 10));
    page.style.setProperty(property, `${split[name]}%`);
    page.querySelector(`[data-split="${name}"]`)?.setAttribute('aria-valuenow', Math.round(split[name]));
  };
  for (const name of Object.keys(LIMITS)) {
    if (Number.isFinite(split[name])) {
      set(name, split[name]);
    }
  }

  // Where the tabs are wider than the screen, a link may name one that is out of sight.
  page.querySelector('[role=tab][aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  const save = () => copilotStorage.browser.save(KEY, JSON.stringify(split));
  const part = (name, event) => {
    const box = page.getBoundingClientRect();
    return name === 'talk' ? (box.right - event.clientX) / box.width * 100 : (box.bottom - event.clientY) / box.height * 100;
  };
  let moving = null;
  const on = (name, work) => page.addEventListener(name, work, { signal: listening.signal });
  on('pointerdown', event => {
    const border = event.target.closest('[data-split]');
    if (border) {
      moving = border.dataset.split;
      border.setPointerCapture(event.pointerId);
      event.preventDefault();
      border.focus();
    }
  });
  on('pointermove', event => {
    if (moving) {
      set(moving, part(moving, event));
    }
  });
  on('pointerup', () => {
    if (moving) {
      save();
    }

    moving = null;
  });
  on('keydown', event => {
    const border = event.target.closest('[data-split]');
    const tab = event.target.closest('[role=tab]');
    const by = { ArrowLeft: 1, ArrowUp: 1, ArrowRight: -1, ArrowDown: -1 }[event.key];
    if (by && border) {
      event.preventDefault();
      const place = border.getBoundingClientRect();
      set(border.dataset.split, (split[border.dataset.split] ?? part(border.dataset.split, { clientX: place.left, clientY: place.top })) + by * STEP);
      save();
    } else if (tab && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      event.preventDefault();
      const tabs = [...tab.parentElement.children];
      const next = tabs[(tabs.indexOf(tab) + (event.key === 'ArrowRight' ? 1 : tabs.length - 1)) % tabs.length];
      next.focus();
      next.click();
    }
  });
  listenToPage(event => {
    const isAlone = event.altKey && !event.ctrlKey && !event.metaKey && !event.getModifierState('AltGraph');
    const by = isAlone ? { BracketLeft: -1, BracketRight: 1 }[event.code]
      : isCommand(event) || page.querySelector('[data-player]') ? 0 : { '[': -1, ']': 1 }[event.key];
    if (by) {
      callServer(screen, 'Step', by).catch(() => {}); // out of reach: the notice says so
      return true;
    }

    const unseen = event.key === 'n' && !isCommand(event) && !event.repeat ? page.querySelector('[data-next-unseen]') : null;
    unseen?.click();
    return unseen !== null;
  }, listening.signal);

  const talk = page.querySelector('.run-conversation');
  const replays = () => page.hasAttribute('data-replay');
  const release = event => {
    const released = event.target.closest?.('.run-part');
    if (released?.querySelector(':scope > [data-follow]') && replays()) {
      released.dataset.released = '';
    }
  };
  // While the run goes on, who is at its newest words stays there: who answers in the agent's place must see what they are told.
  const isLive = () => page.querySelector('.live-on') !== null;
  let atEnd = isLive();
  const follow = () => {
    if (replays() ? !('released' in talk.dataset) : atEnd) {
      talk.scrollTop = talk.scrollHeight;
    }
  };
  // More may have come since the page went to its end itself: only who scrolls back leaves it.
  let top = 0;
  talk.addEventListener('scroll', () => {
    const isNear = talk.scrollHeight - talk.scrollTop - talk.clientHeight < NEAR_END;
    atEnd = isLive() && (isNear || (atEnd && talk.scrollTop >= top));
    top = talk.scrollTop;
  }, { passive: true, signal: listening.signal });
  talk.addEventListener('click', event => {
    // What somebody unfolds stays where it is.
    if (event.target.closest('[aria-expanded], summary')) {
      atEnd = false;
    }
  }, { signal: listening.signal });
  page.addEventListener('wheel', event => {
    // In the lanes the wheel moves the window only with a key.
    if (!event.target.closest?.('.run-lanes') || event.ctrlKey || event.metaKey || event.shiftKey) {
      release(event);
    }
  }, { passive: true, signal: listening.signal });
  page.addEventListener('touchmove', release, { passive: true, signal: listening.signal });
  on('keydown', event => SCROLL_KEYS.includes(event.key) && release(event));
  on('click', event => {
    const pill = event.target.closest('[data-follow]');
    if (pill) {
      delete pill.parentElement.dataset.released;
      follow();
    }
  });
  // The chapter that the playhead is in stays in sight among more than there is room for.
  const steps = page.querySelector('.run-steps');
  const showChapter = () => {
    const chapter = steps.querySelector('[aria-current]');
    if (chapter && steps.scrollHeight > steps.clientHeight && !steps.matches(':hover, :focus-within')) {
      const place = chapter.getBoundingClientRect();
      const sight = steps.getBoundingClientRect();
      if (place.bottom > sight.bottom || place.top < sight.top) {
        steps.scrollTop += place.top < sight.top ? place.top - sight.top : place.bottom - sight.bottom;
      }
    }
  };
  // Once the page has been laid out: asked before, it would be laid out in the middle of a frame. The chapters are, so they come less often.
  const grown = new ResizeObserver(follow);
  const parts = new MutationObserver(changes => {
    for (const change of changes) {
      change.addedNodes.forEach(one => one instanceof Element && grown.observe(one));
      change.removedNodes.forEach(one => one instanceof Element && grown.unobserve(one));
    }
  });
  let showing = 0;
  const chapters = new MutationObserver(() => {
    showing ||= setTimeout(() => requestAnimationFrame(() => {
      showing = 0;
      showChapter();
    }), CHAPTER_EVERY);
  });
  [talk, ...talk.children].forEach(one => grown.observe(one));
  parts.observe(talk, { childList: true });
  chapters.observe(steps, { attributeFilter: ['aria-current'], childList: true, subtree: true });
  follow();
  showChapter();
  const modes = new MutationObserver(changes => {
    if (!replays()) {
      page.querySelectorAll('[data-released]').forEach(one => delete one.dataset.released);
      // Back at now, and not only another part of the page.
      atEnd = changes.some(change => change.attributeName === 'data-replay') ? isLive() : atEnd;
    }

    follow();
    showChapter();
  });
  modes.observe(page, { attributeFilter: ['data-replay', 'data-part'] });
  return {
    dispose() {
      listening.abort();
      clearTimeout(showing);
      grown.disconnect();
      parts.disconnect();
      chapters.disconnect();
      modes.disconnect();
    },
  };
}
