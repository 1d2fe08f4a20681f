import { callServer } from '../../js/connection.js';
import { isCommand, isDialogOpen, listenToPage } from '../../js/page-keys.js';

/** The browser's IANA time zone: every day and hour the person sees uses it. */
export function timeZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? null;
}

/** Sends the form that signs out; it stands in the page with its token. */
export function signOut() {
  document.getElementById('sign-out').requestSubmit();
}

/** Chooses 'light', 'dark', 'system' or the 'next' of these; theme.js keeps it. */
export function chooseTheme(choice) {
  document.dispatchEvent(new CustomEvent('copilot-theme', { detail: choice }));
}

const DIALOG = '[role=dialog]';
const MOST_PLACES = 8;

// Until then what was asked for is done.
const LONGEST_CHANGE = 60_000;

/** Brings the focus back to where it was before a dialog: whoever uses the keyboard goes on from there. Gives what ends it. */
function keepPlace() {
  // The newest first. A menu that has opened a dialog is gone with its items; its button is not.
  let places = [];
  let around = [];
  let page = '';
  let waiting = 0;
  const note = event => {
    if (!event.target.closest?.(DIALOG)) {
      places = [event.target, ...places.filter(place => place !== event.target && place.isConnected)].slice(0, MOST_PLACES);
    }
  };
  // What was done may take away the button that did it, or the row that a dialog was opened from, a moment after the focus has come back.
  const gone = new MutationObserver(() => {
    if (places[0]?.isConnected !== false) {
      return;
    }

    gone.disconnect();
    if ((document.activeElement ?? document.body) === document.body && location.pathname === page) {
      const near = around.find(part => part.isConnected)?.querySelector('button, a[href], input, select, textarea');
      (near ?? document.getElementById('main'))?.focus({ preventScroll: true });
      if (near) {
        stay(near);
      }
    }
  });
  const stay = place => {
    page = location.pathname;
    around = [];
    for (let part = place.parentElement; part && part !== document.body && part.id !== 'main'; part = part.parentElement) {
      around.push(part);
    }

    gone.disconnect();
    gone.observe(document.getElementById('main') ?? document.body, { childList: true, subtree: true });
    clearTimeout(waiting);
    waiting = setTimeout(() => gone.disconnect(), LONGEST_CHANGE);
  };
  // Dialogs are children of the body, so nothing that a page draws is looked at here.
  const closed = new MutationObserver(changes => {
    if (!changes.some(change => [...change.removedNodes].some(node => node.querySelector?.(DIALOG))) || (document.activeElement ?? document.body) !== document.body) {
      return;
    }

    const below = [...document.querySelectorAll(DIALOG)].at(-1);
    const place = below ?? places.find(one => one.isConnected && one.checkVisibility());
    place?.focus();
    if (place && place !== below) {
      stay(place);
    }
  });
  const onClick = event => {
    // The chat says itself where its focus goes.
    const button = event.target.closest?.('#main button');
    if (button && button === document.activeElement && !button.closest('.chat')) {
      stay(button);
    }
  };
  document.addEventListener('focusin', note);
  document.addEventListener('click', onClick);
  closed.observe(document.body, { childList: true });
  return () => {
    document.removeEventListener('focusin', note);
    document.removeEventListener('click', onClick);
    closed.disconnect();
    gone.disconnect();
    clearTimeout(waiting);
  };
}

/** The keys that work everywhere: Ctrl+K or ⌘K, and ? outside of text fields. A dialog has the keyboard for itself. */
export function mount(stage, shell, person) {
  // Kept for the person, not for the browser: a shared machine has several.
  const technical = `copilot.technical.${person}`;
  const showTechnical = shown => document.documentElement.toggleAttribute('data-technical', shown);
  const onSwitch = event => {
    if (event.target.closest?.('[data-skip]')) {
      (document.querySelector('.composer-text') ?? document.getElementById('main')).focus();
    } else if (event.target.closest?.('[data-technical-switch]')) {
      const shown = !document.documentElement.hasAttribute('data-technical');
      showTechnical(shown);
      copilotStorage.browser.save(technical, shown);
    }
  };
  showTechnical(copilotStorage.browser.read(technical) === 'true');
  document.dispatchEvent(new Event('copilot:shell')); // what belongs to the page is there now
  const call = method => callServer(shell, method).catch(() => {}); // out of reach: the notice says so
  const onKey = event => {
    const control = event.ctrlKey || event.metaKey;
    if (control && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault(); // the browser's own search would open
      if (!isDialogOpen()) {
        call('OpenPalette');
      }
    }
  };
  const onPageKey = event => {
    const isMeant = event.key === '?' && !isCommand(event);
    if (isMeant) {
      call('OpenHelp');
    }

    return isMeant;
  };
  const listening = new AbortController();
  // Where nothing takes a file, the browser would open it in place of the page.
  const onFile = event => {
    if (event.dataTransfer?.types.includes('Files') && !event.defaultPrevented && event.target.type !== 'file') {
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    }
  };
  const leavePlace = keepPlace();
  document.addEventListener('keydown', onKey);
  listenToPage(onPageKey, listening.signal);
  document.addEventListener('click', onSwitch);
  addEventListener('dragover', onFile);
  addEventListener('drop', onFile);
  return {
    dispose() {
      leavePlace();
      listening.abort();
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('click', onSwitch);
      removeEventListener('dragover', onFile);
      removeEventListener('drop', onFile);
    },
  };
}
