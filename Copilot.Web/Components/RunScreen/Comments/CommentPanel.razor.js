// M comments on the moment that is shown, except while somebody writes.
import { callServer } from '../../../js/connection.js';
import { isCommand, listenToPage } from '../../../js/page-keys.js';

export function mount(root, panel) {
  const listening = new AbortController();
  listenToPage(event => {
    const isMeant = event.key.toLowerCase() === 'm' && !isCommand(event) && !event.repeat && root.isConnected;
    if (isMeant) {
      callServer(panel, 'Begin').catch(() => {}); // out of reach: the notice says so
    }

    return isMeant;
  }, listening.signal);
  return {
    dispose() {
      listening.abort();
    },
  };
}
