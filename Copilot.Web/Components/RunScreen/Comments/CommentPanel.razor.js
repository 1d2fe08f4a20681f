// M comments on the moment that is shown, except while somebody writes.
import { callServer } from '../../../js/connection.js';

const isWriting = element => element?.closest?.('input, textarea, select, [contenteditable=true]');

export function mount(root, panel) {
  const listening = new AbortController();
  document.addEventListener('keydown', event => {
    if (event.key.toLowerCase() === 'm' && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat
        && root.isConnected && !isWriting(event.target) && !document.querySelector('[role=dialog]')) {
      event.preventDefault();
      callServer(panel, 'Begin').catch(() => {}); // out of reach: the notice says so
    }
  }, { signal: listening.signal });
  root.dataset.keys = ''; // from now on they are read
  return {
    dispose() {
      listening.abort();
    },
  };
}
