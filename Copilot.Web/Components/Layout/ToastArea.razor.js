// Whoever is at the notices keeps them there: the focus is in them, or the pointer has moved onto them. One that comes up under a pointer at
// rest leaves by itself, because it may cover what is to be pressed.
import { callServer, connectionChanged, isOffline } from '../../js/connection.js';

export function mount(root, area) {
  let isPointed = false;
  let isHeld = false;
  const listening = new AbortController();
  const hold = isHere => {
    if (isHeld !== isHere) {
      isHeld = isHere;
      callServer(area, 'Hold', isHere).catch(() => {}); // out of reach: they stay until it is back
    }
  };
  const look = () => hold(isPointed || root.contains(document.activeElement));
  root.addEventListener('pointermove', event => {
    isPointed = event.pointerType === 'mouse';
    look();
  });
  root.addEventListener('pointerleave', () => {
    isPointed = false;
    look();
  });
  root.addEventListener('focusin', look);
  root.addEventListener('focusout', () => queueMicrotask(look));
  root.addEventListener('click', () => {
    // The notice goes, and with it what the focus was on.
    isPointed = false;
    hold(false);
  });
  document.addEventListener(connectionChanged, () => {
    if (!isOffline()) {
      isHeld = false; // the server has forgotten it
      look();
    }
  }, { signal: listening.signal });
  return {
    dispose() {
      listening.abort();
    },
  };
}
