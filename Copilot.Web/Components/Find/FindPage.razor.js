// What the page of runs does in the browser: keys, the columns that a person has chosen here, and the place that Back returns to. The
// place stands in the entry of the browser's history, so it is that entry's alone and goes with it.
import { isCommand, listenToPage } from '../../js/page-keys.js';

const SAVE_AFTER = 150;

const name = person => `copilot.runs.columns.${person}`;

/** The columns that a person has chosen in this browser, or null. */
export function columns(person) {
  try {
    const saved = JSON.parse(copilotStorage.browser.read(name(person)) ?? 'null');
    return Array.isArray(saved) ? saved.filter(one => typeof one === 'string') : null;
  } catch {
    return null; // not ours
  }
}

export function mount(root) {
  const links = () => [...root.querySelectorAll('[data-run-link]')];
  let waiting = 0;
  let restoring = 0;
  let isRestored = false;

  // Until the place is restored only a link that is followed says where somebody is.
  const save = event => {
    clearTimeout(waiting);
    if ((isRestored || event?.type === 'click') && root.isConnected && location.pathname === '/runs') {
      const chosen = document.activeElement?.closest?.('[data-run-row]')?.dataset.runRow ?? null;
      history.replaceState({ ...history.state, runs: { top: root.scrollTop, chosen } }, '');
    }
  };
  const saveSoon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => save(), SAVE_AFTER);
  };

  const step = by => {
    const all = links();
    if (all.length > 0) {
      const row = document.activeElement?.closest?.('[data-run-row]');
      const at = all.findIndex(link => row?.contains(link));
      const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
      next.focus();
      next.scrollIntoView({ block: 'nearest' });
    }
  };

  const onKey = event => {
    if (isCommand(event)) {
      return false;
    }
    const inRow = document.activeElement?.closest?.('[data-run-row]');
    const act = {
      j: () => step(1),
      k: () => step(-1),
      ArrowDown: inRow ? () => step(1) : undefined,
      ArrowUp: inRow ? () => step(-1) : undefined,
      '/': () => root.querySelector('[role=search] input')?.focus(),
    }[event.key];
    act?.();
    return act !== undefined;
  };

  const listening = new AbortController();
  listenToPage(onKey, listening.signal);
  root.addEventListener('scroll', saveSoon, { passive: true });
  root.addEventListener('focusin', saveSoon);
  root.addEventListener('click', save, { capture: true }); // before the link is followed
  return {
    restore() {
      const place = history.state?.runs;
      // The page that is left may still take the focus with it, or come before the rows: looked at again for a moment.
      const go = left => {
        const chosen = links().find(link => link.closest('[data-run-row]').dataset.runRow === place.chosen);
        if (document.activeElement === document.body && root.isConnected) {
          chosen?.focus({ preventScroll: true });
          root.scrollTop = Number(place.top) || 0;
        }
        if (left > 0) {
          restoring = setTimeout(() => go(left - 1), SAVE_AFTER);
        }
      };
      isRestored = true;
      if (place) {
        go(8);
      }
    },
    saveColumns(person, chosen) {
      copilotStorage.browser.save(name(person), JSON.stringify(chosen));
    },
    dispose() {
      clearTimeout(waiting);
      clearTimeout(restoring);
      listening.abort();
    },
  };
}
