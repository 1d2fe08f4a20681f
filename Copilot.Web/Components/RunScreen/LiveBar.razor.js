// Says how far the playhead is behind: −00:42. The server says where it stands and what its clock said; from there on the browser counts.
const PERIOD = 500;
const two = number => String(Math.floor(number)).padStart(2, '0');

export function mount(bar) {
  let known = null;
  const write = () => {
    const element = bar.querySelector('[data-behind]');
    if (!element || document.hidden) {
      known = element ? known : null;
      return;
    }

    const { behind, clock } = element.dataset;
    if (known?.behind !== behind || known.clock !== clock) {
      known = { behind, clock, start: performance.now() };
    }

    const passed = 'still' in element.dataset ? 0 : performance.now() - known.start;
    const seconds = Math.max(0, (Number(clock) - Number(behind) + passed) / 1000);
    const hours = seconds >= 3600 ? `${Math.floor(seconds / 3600)}:` : '';
    const words = ` −${hours}${two(seconds / 60 % 60)}:${two(seconds % 60)}`;
    if (element.textContent !== words) {
      element.textContent = words;
    }
  };
  const watch = new MutationObserver(write);
  watch.observe(bar, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-behind', 'data-clock'] });
  const timer = setInterval(write, PERIOD);
  write();
  return {
    dispose() {
      watch.disconnect();
      clearInterval(timer);
    },
  };
}
