import { callServer, connectionChanged } from '../../js/connection.js';

/** Asks for older conversations when the end of the list comes into sight, and says whether the page can be seen. */
export function mount(list, sidebar) {
  const near = 200;
  const onScroll = () => {
    if (list.scrollHeight - list.clientHeight - list.scrollTop < near) {
      list.querySelector(':scope > .show-more')?.click();
    }
  };
  const onVisibility = () => {
    callServer(sidebar, 'SetVisible', !document.hidden).catch(() => {}); // out of reach: asked again when it is back
  };
  list.addEventListener('scroll', onScroll, { passive: true });
  document.addEventListener('visibilitychange', onVisibility);
  document.addEventListener(connectionChanged, onVisibility);
  if (document.hidden) {
    onVisibility();
  }

  return {
    dispose() {
      list.removeEventListener('scroll', onScroll);
      document.removeEventListener('visibilitychange', onVisibility);
      document.removeEventListener(connectionChanged, onVisibility);
    },
  };
}
