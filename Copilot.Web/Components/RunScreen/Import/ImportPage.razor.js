// A button opens the browser's dialog for files, and a file can be dropped anywhere on the page.
export function mount(page) {
  const listening = new AbortController();
  const on = (name, work) => page.addEventListener(name, work, { signal: listening.signal });
  const input = page.querySelector('[data-import-input]');
  const carries = event => event.dataTransfer?.types.includes('Files') ?? false;
  on('click', event => {
    if (event.target.closest('[data-import-pick]')) {
      // The same file may be chosen again.
      input.value = '';
      input.click();
    }
  });
  on('dragover', event => carries(event) && event.preventDefault());
  on('drop', event => {
    if (carries(event)) {
      event.preventDefault();
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }
  });
  return {
    dispose() {
      listening.abort();
    },
  };
}
