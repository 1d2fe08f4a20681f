/** The box has the focus throughout: arrows choose in the list instead of moving the caret, and the chosen option stays in sight. */
export function mount(box) {
  box.addEventListener('keydown', event => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp' || event.key === 'Enter') {
      event.preventDefault();
    }
  });
  new MutationObserver(() => {
    document.getElementById(box.getAttribute('aria-activedescendant'))?.scrollIntoView({ block: 'nearest' });
  }).observe(box, { attributeFilter: ['aria-activedescendant'] });
  box.focus();
}
