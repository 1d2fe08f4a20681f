/** Asks for older conversations when the end of the list comes into sight, and says whether the page can be seen. */
export function mount(list, sidebar) {
  const near = 200;
  const onScroll = () => {
    if (list.scrollHeight - list.clientHeight - list.scrollTop < near) {
      list.querySelector(':scope > .show-more')?.click();
    }
  };
  const onVisibility = () => {
    if ((document.documentElement.dataset.connection ?? 'up') === 'up') { // a call without a connection is an error that nobody can catch
      sidebar.invokeMethodAsync('SetVisible', !document.hidden).catch(() => {}); // out of reach: asked again when it is back
    }
  };
  list.addEventListener('scroll', onScroll, { passive: true });
  document.addEventListener('visibilitychange', onVisibility);
  document.addEventListener('copilot:connection', onVisibility);
  if (document.hidden) {
    onVisibility();
  }

  return {
    dispose() {
      list.removeEventListener('scroll', onScroll);
      document.removeEventListener('visibilitychange', onVisibility);
      document.removeEventListener('copilot:connection', onVisibility);
    },
  };
}
