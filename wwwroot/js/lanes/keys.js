// The lanes by keyboard: from bar to bar, into one, and nearer or farther.

/** Listens while the lanes have the focus. */
export function listenToKeys(body, lanes) {
  lanes.on(body, 'keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }

    const current = lanes.focused();
    const bar = next(event.key, lanes.bars(), current);
    if (bar !== null) {
      event.preventDefault();
      if (bar) {
        lanes.focus(bar);
      }
    } else if (event.key === 'Enter' && current) {
      event.preventDefault();
      lanes.open(current);
    } else if (event.key === '+' || event.key === '-') {
      event.preventDefault();
      const { from, to } = lanes.window.now();
      lanes.window.zoom(event.key === '+', current ? current.from : (from + to) / 2);
    } else if (event.key === '0') {
      lanes.window.look(null);
    }
  });
}

// The bar that a key leads to, undefined for none there; null for a key that leads to no bar.
function next(key, bars, current) {
  const along = by => bars[Math.max(0, Math.min(bars.length - 1, bars.indexOf(current) + by))];
  // The row above or below, where it is nearest in time.
  const across = by => {
    const rows = [...new Set(bars.map(bar => bar.line))];
    const line = rows[rows.indexOf(current.line) + by];
    return bars.filter(bar => bar.line === line).sort((one, other) => Math.abs(one.from - current.from) - Math.abs(other.from - current.from))[0];
  };
  const way = bars.length > 0 && {
    ArrowRight: () => (current ? along(1) : bars[0]),
    ArrowLeft: () => (current ? along(-1) : bars.at(-1)),
    ArrowDown: () => (current ? across(1) : bars[0]),
    ArrowUp: () => (current ? across(-1) : bars.at(-1)),
    Home: () => bars[0],
    End: () => bars.at(-1),
  }[key];
  return way ? way() : null;
}
