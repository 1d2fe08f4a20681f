// What the wall does in the browser: ages and rings tick once a second without the server, the list says when it is pointed at, and
// its keys. The server renders data-live-since (ms since 1970) and, where there is a limit, data-live-deadline or data-live-target.
import { callServer, isOffline } from '../../js/connection.js';
import { isCommand, listenToPage } from '../../js/page-keys.js';

const PERIOD = 1000;
const SILENT_FROM = 3000;
const LEAVE_DELAY = 300;

const name = (what, person) => `copilot.live.${what}.${person}`;

function read(what, person) {
  try {
    const saved = JSON.parse(copilotStorage.browser.read(name(what, person)) ?? '[]');
    return Array.isArray(saved) ? saved.filter(id => typeof id === 'string').slice(0, 50) : [];
  } catch {
    return []; // not ours
  }
}

/** The runs that a person has pinned in this browser. */
export const pins = person => read('pins', person);

/** The kinds of waits that are not announced to a person. */
export const muted = person => read('muted', person);

/** <c>14 s</c>, <c>2 m 05 s</c>, <c>1 h 03 m</c>. */
export function say(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} m ${String(seconds % 60).padStart(2, '0')} s`
    : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} m`;
}

export function mount(root, page, person) {
  const call = (method, ...args) => callServer(page, method, ...args).catch(() => {}); // out of reach: the notice says so

  // The server says what its clock says; from there on the browser's steady clock counts.
  let told = '';
  let offset = 0;
  const now = () => {
    if (root.dataset.liveNow !== told) {
      told = root.dataset.liveNow;
      offset = Number(told) - performance.now();
    }
    return performance.now() + offset;
  };

  const isWallboard = () => root.hasAttribute('data-wallboard');

  const tick = () => {
    if (document.hidden || isOffline()) {
      return;
    }
    if (isWallboard() && performance.now() > Number(root.dataset.reloadAfter)) {
      document.dispatchEvent(new Event('copilot:reload'));
    }
    const at = now();
    for (const element of root.querySelectorAll('[data-live-since]')) {
      const { liveSince, liveDeadline, liveTarget, liveAgo } = element.dataset;
      const elapsed = Math.max(0, at - Number(liveSince));
      const limit = Number(liveDeadline ?? liveTarget) || 0;
      if (limit > 0) {
        const spent = Math.min(1, elapsed / limit);
        element.style.setProperty('--spent', spent.toFixed(3));
        element.dataset.level = spent >= 1 ? 'danger' : spent >= 0.8 ? 'warn' : 'ok';
      }
      if (element.classList.contains('live-ring')) {
        continue;
      }
      const words = liveAgo === undefined ? say(elapsed) : elapsed < SILENT_FROM ? '' : `${liveAgo} ${say(elapsed)}`;
      if (element.textContent !== words) {
        element.textContent = words;
      }
    }
  };

  // A row never moves from under the pointer or the focus. On a television nobody points: a mouse that was left there holds nothing.
  let isHeld = false;
  let isPointed = false;
  let leaving = 0;
  const list = () => root.querySelector('.live-list');
  const hold = () => {
    clearTimeout(leaving);
    const held = !isWallboard() && (isPointed || list()?.contains(document.activeElement) === true);
    if (held === isHeld) {
      return;
    }
    if (held) {
      isHeld = true;
      call('Hold', true);
    } else {
      // From one row to the next is no leaving.
      leaving = setTimeout(() => {
        isHeld = false;
        call('Hold', false);
      }, LEAVE_DELAY);
    }
  };
  const onPointer = event => {
    isPointed = list()?.contains(event.target) === true && event.type !== 'pointercancel';
    hold();
  };
  const onLeave = () => {
    isPointed = false;
    hold();
  };
  const onFocus = () => queueMicrotask(hold);

  const rowOf = element => element?.closest?.('.live-row');
  const step = by => {
    const links = [...root.querySelectorAll('.live-link')];
    if (links.length === 0) {
      return;
    }
    const at = links.indexOf(rowOf(document.activeElement)?.querySelector('.live-link'));
    const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))];
    next.focus();
    next.scrollIntoView({ block: 'nearest' });
  };

  const onKey = event => {
    if (isCommand(event) || isWallboard()) {
      return false;
    }
    const row = rowOf(document.activeElement);
    const onButton = document.activeElement?.matches?.('button, summary');
    const run = row?.dataset.run ?? root.querySelector('[data-peeked]')?.dataset.run;
    const everywhere = {
      j: () => step(1),
      ']': () => step(1),
      k: () => step(-1),
      '[': () => step(-1),
      u: () => call('Arrange'),
      '/': () => root.querySelector('input[type=search]')?.focus(),
    };
    const onRun = {
      ' ': () => call('Peek', run),
      a: () => call('Ask', 'Approve', run),
      d: () => call('Ask', 'Deny', run),
      r: () => call('Ask', 'Say', run),
      p: () => call('Pin', run),
      c: () => call('Claim', run),
    };
    const onRow = { ArrowDown: everywhere.j, ArrowUp: everywhere.k };
    const act = everywhere[event.key] ?? (run && !(event.key === ' ' && onButton) ? onRun[event.key] : undefined) ?? (row ? onRow[event.key] : undefined);
    act?.();
    return act !== undefined;
  };

  const onClick = event => {
    const button = event.target.closest?.('[data-live-pin], [data-live-peek]');
    const run = rowOf(button)?.dataset.run;
    if (run) {
      call(button.hasAttribute('data-live-pin') ? 'Pin' : 'Peek', run);
    }
  };

  const timer = setInterval(tick, PERIOD);
  const watcher = new MutationObserver(() => queueMicrotask(tick)); // what is drawn anew has no time yet
  watcher.observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-live-since', 'data-live-deadline'] });
  tick();
  const listening = new AbortController();
  listenToPage(onKey, listening.signal);
  root.addEventListener('pointerover', onPointer);
  root.addEventListener('pointercancel', onPointer);
  root.addEventListener('pointerleave', onLeave);
  root.addEventListener('focusin', onFocus);
  root.addEventListener('focusout', onFocus);
  root.addEventListener('click', onClick);
  return {
    savePins(runs) {
      copilotStorage.browser.save(name('pins', person), JSON.stringify(runs));
    },
    saveMuted(kinds) {
      copilotStorage.browser.save(name('muted', person), JSON.stringify(kinds));
    },
    dispose() {
      clearInterval(timer);
      clearTimeout(leaving);
      watcher.disconnect();
      listening.abort();
    },
  };
}
