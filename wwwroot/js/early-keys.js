// A component is on screen for a moment before the script that reads its keys. What is pressed meanwhile waits, and is pressed again once the
// script is there: data-page-keys stands on what has keys of the whole page, and mounts.js adds data-mounted.
import { isWriting } from './page-keys.js';

const MOST = 20;
const OLDEST = 10_000; // milliseconds; what was pressed before is not meant any more
const MOVES = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'];

let held = [];

const isAwaited = () => document.querySelector('[data-page-keys]:not([data-mounted])') !== null;
const isMeant = press => press.page === location.pathname && performance.now() - press.at < OLDEST;
// On a link that an earlier key will have focused: by itself it does nothing yet.
const isFollowUp = event => event.key === 'Enter' && event.target === document.body && held.some(isMeant);

// On the window, after everything that takes a key for itself.
addEventListener('keydown', event => {
  if (event.isTrusted && !event.defaultPrevented && !event.isComposing && (event.key.length === 1 || MOVES.includes(event.key) || isFollowUp(event))
      && !isWriting(event.target) && isAwaited()) {
    held = [...held.filter(isMeant), { event, at: performance.now(), page: location.pathname }].slice(-MOST);
  }
});

document.addEventListener('copilot:mounted', () => {
  if (isAwaited()) {
    return;
  }

  const presses = held.filter(isMeant);
  held = [];
  for (const { event } of presses) {
    const { key, code, location, ctrlKey, shiftKey, altKey, metaKey } = event;
    const isOpening = key === 'Enter'; // what the key before it has focused
    const target = event.target.isConnected && !isOpening ? event.target : document.activeElement ?? document.body;
    if (isOpening && isWriting(target)) {
      continue;
    }

    const isFree = target.dispatchEvent(new KeyboardEvent('keydown', {
      key, code, location, ctrlKey, shiftKey, altKey, metaKey, modifierAltGraph: event.getModifierState('AltGraph'), bubbles: true, cancelable: true, composed: true,
    }));
    if (isFree && isOpening) {
      target.click();
    }
  }
});
