/** Asks for older conversations when the end of the list comes into sight. */
export function mount(list) {
  const near = 200;
  const onScroll = () => {
    if (list.scrollHeight - list.clientHeight - list.scrollTop < near) {
      list.querySelector(':scope > .show-more')?.click();
    }
  };
  list.addEventListener('scroll', onScroll, { passive: true });
  return { dispose: () => list.removeEventListener('scroll', onScroll) };
}
