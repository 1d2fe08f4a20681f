// Paints the overview strip and the lanes. Knows colours and pixels, and nothing of runs.
export const ROW = 26;
const BAR = 20;
const TITLE = 20;
const RULER = 22;
const SIDE = 8;
const NARROWEST = 4;

/** The colours of so many phases, and of the tokens, as the theme has them now: a canvas does not know their names. */
export function readColors(root, count) {
  const probe = document.createElement('span');
  probe.className = 'lanes-color';
  probe.hidden = true;
  root.append(probe);
  const phases = [];
  for (let phase = 0; phase < count; phase++) {
    probe.dataset.phase = phase;
    phases.push(getComputedStyle(probe).backgroundColor);
  }

  delete probe.dataset.phase;
  const named = {};
  for (const name of ['text', 'text-muted', 'border', 'border-strong', 'bg', 'surface-2', 'accent', 'danger', 'warn']) {
    probe.style.color = `var(--${name})`;
    named[name] = getComputedStyle(probe).color;
  }

  const font = getComputedStyle(root).fontFamily;
  probe.remove();
  return { phases, ...named, font, widths: new Map() };
}

function prepare(canvas, width, height) {
  const dense = devicePixelRatio || 1;
  const [w, h] = [Math.round(width * dense), Math.round(height * dense)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }

  const pen = canvas.getContext('2d');
  pen.setTransform(dense, 0, 0, dense, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

/** The whole run: how many events came when, what to look for, the window and the playhead. */
export function drawStrip(element, state, { scale, axis, now, colors, size: { width, height }, window }) {
  const pen = prepare(element.firstElementChild, width, height);
  const x = at => scale.place(at) / Math.max(1, scale.length) * width;
  const most = state.counts.reduce((one, other) => Math.max(one, other), 1);
  pen.fillStyle = colors['border-strong'];
  pen.globalAlpha = 0.55;
  for (let place = 0; place < state.counts.length; place++) {
    if (state.counts[place] > 0) {
      const [left, right] = [x(place * state.width), x((place + 1) * state.width)];
      const tall = 3 + Math.sqrt(state.counts[place] / most) * (height - 20);
      pen.fillRect(left, height - tall, Math.max(1, right - left - 0.5), tall);
    }
  }

  pen.globalAlpha = 1;
  if (window) {
    const [left, right] = [x(window.from), x(window.to)];
    pen.fillStyle = colors.bg;
    pen.globalAlpha = 0.7;
    pen.fillRect(0, 0, left, height);
    pen.fillRect(right, 0, width - right, height);
    pen.globalAlpha = 1;
    pen.strokeStyle = colors.accent;
    pen.strokeRect(left + 0.5, 0.5, Math.max(1, right - left - 1), height - 1);
  }

  // Shape and colour say the same, for who cannot tell the colours apart.
  for (const [kind, at] of state.marks) {
    const middle = Math.max(5, Math.min(width - 5, x(at)));
    pen.fillStyle = [colors.danger, colors.warn, colors.accent][kind];
    pen.beginPath();
    if (kind === 0) {
      pen.moveTo(middle - 4.5, 3);
      pen.lineTo(middle + 4.5, 3);
      pen.lineTo(middle, 11);
    } else if (kind === 1) {
      pen.moveTo(middle, 2);
      pen.lineTo(middle + 5, 7);
      pen.lineTo(middle, 12);
      pen.lineTo(middle - 5, 7);
    } else {
      pen.arc(middle, 7, 4, 0, 7);
    }

    pen.fill();
  }

  dimFuture(pen, state.playhead === null ? width : x(state.playhead), width, height, colors);
  playhead(pen, x(state.playhead ?? Math.min(now, axis)), height, state.playhead === null ? colors['text-muted'] : colors.accent, width);
}

// What the playhead has not come to is seen, and not yet to be read.
function dimFuture(pen, from, width, height, colors) {
  pen.fillStyle = colors.bg;
  pen.globalAlpha = 0.55;
  pen.fillRect(from, 0, Math.max(0, width - from), height);
  pen.globalAlpha = 1;
}

function playhead(pen, at, height, color, width) {
  const x = Math.max(1, Math.min(width - 1, at));
  pen.fillStyle = color;
  pen.fillRect(x - 0.75, 0, 1.5, height);
  pen.beginPath();
  pen.arc(Math.max(5, Math.min(width - 5, x)), height - 5, 4, 0, 7);
  pen.fill();
}

/**
 * The lanes, as they were painted last unless something else than the playhead has changed.
 * Returns the picture: where each bar stands, and how high it is.
 */
export function drawLanes(element, state, picture, { scale, now, colors, size, window, ticks, say }) {
  const { width } = size;
  const [first, last] = [scale.place(window.from), scale.place(window.to)];
  const x = at => SIDE + (scale.place(at) - first) / Math.max(1, last - first) * (width - 2 * SIDE);
  const shown = picture ?? paintBars(element, state, { scale, now, colors, size, x, say });
  const pen = prepare(element.firstElementChild, width, shown.height);
  pen.drawImage(shown.canvas, 0, 0, width, shown.height);
  if (state.playhead !== null) {
    dimFuture(pen, x(state.playhead), width, shown.height, colors);
    pen.fillStyle = colors.accent;
    pen.fillRect(x(state.playhead) - 0.75, 0, 1.5, shown.height);
  }

  pen.drawImage(paintRuler(element, ticks, width, colors, say), 0, size.top, width, RULER);
  return shown;
}

// Text is written on canvases apart from the page: to write on one inside it, the browser first asks for the style that it has there, and with
// that lays out the page. A run that grows is painted anew in each frame: always on the same ones.
const apart = new WeakMap();

function canvasApart(element, name) {
  const canvases = apart.get(element) ?? {};
  apart.set(element, canvases);
  return canvases[name] ??= document.createElement('canvas');
}

function paintBars(element, state, { scale, now, colors, size, x, say }) {
  const lanes = state.texts.lanes.map((name, lane) => ({ name, rows: 1 + state.order.reduce((most, bar) => (bar.lane === lane ? Math.max(most, bar.row) : most), 0) }));
  let top = RULER;
  for (const lane of lanes) {
    lane.top = top;
    top += TITLE + lane.rows * ROW + 4;
  }

  const { width } = size;
  const height = Math.max(top, size.height - 1);
  const canvas = canvasApart(element, 'bars');
  const pen = prepare(canvas, width, height);
  pen.textBaseline = 'middle';
  bands(pen, scale, x, top, width, now, colors, say);
  for (const lane of lanes) {
    pen.fillStyle = colors.border;
    pen.fillRect(0, lane.top, width, 1);
    pen.font = `500 12px ${colors.font}`;
    pen.fillStyle = colors['text-muted'];
    pen.fillText(lane.name, SIDE, lane.top + 11);
  }

  const hits = [];
  const written = new Map();
  const narrow = new Map();
  pen.font = `12px ${colors.font}`;
  for (let place = 0; place < state.order.length; place++) {
    const bar = state.order[place];
    const [left, right] = [x(bar.from), x(bar.to ?? Math.max(now, bar.from))];
    const wide = Math.max(NARROWEST, right - left);
    if (left + wide < 0 || left > width) {
      continue;
    }

    const y = lanes[bar.lane].top + TITLE + bar.row * ROW;
    hits.push({ x: left, y, w: wide, h: BAR, bar });
    // Where a run has more bars than there are pixels, one that would cover its neighbour says nothing more.
    if (wide === NARROWEST && bar.outcome !== 2 && bar.id !== state.focus) {
      if (left - (narrow.get(bar.line) ?? -NARROWEST) < 2) {
        continue;
      }

      narrow.set(bar.line, left);
    }

    segments(pen, bar, { x, left, wide, y, now, colors });
    if (bar.id === state.focus && document.activeElement === element) {
      pen.strokeStyle = colors.text;
      pen.lineWidth = 2;
      pen.strokeRect(left - 2, y - 2, wide + 4, BAR + 4);
      pen.lineWidth = 1;
    }

    label(pen, bar, state.order[place - 1], state.order[place + 1], { x, left, wide, y, width, now, colors, written });
  }

  return { canvas, height, hits };
}

// The full colour is a line below; the tint above it leaves the words readable in both themes.
function segments(pen, bar, { x, left, wide, y, now, colors }) {
  const faint = bar.outcome === 3 ? 0.45 : 1;
  let from = left;
  bar.parts.forEach(([phase, to], place) => {
    const right = place === bar.parts.length - 1 ? left + wide : Math.min(left + wide, x(to ?? now));
    pen.fillStyle = colors.phases[phase];
    pen.globalAlpha = 0.28 * faint;
    pen.fillRect(from, y, Math.max(0, right - from), BAR);
    pen.globalAlpha = faint;
    pen.fillRect(from, y + BAR - 4, Math.max(0, right - from), 4);
    from = right;
  });
  pen.globalAlpha = 1;
  if (bar.outcome === 2) {
    pen.strokeStyle = colors.danger;
    pen.lineWidth = 1.5;
    pen.strokeRect(left + 0.75, y + 0.75, Math.max(1, wide - 1.5), BAR - 1.5);
    pen.lineWidth = 1;
  }
}

// Inside where it fits, else to the right, else to the left.
function label(pen, bar, before, next, { x, left, wide, y, width, now, colors, written }) {
  const long = colors.widths.get(bar.label) ?? pen.measureText(bar.label).width;
  colors.widths.set(bar.label, long);
  const same = other => other && other.line === bar.line;
  const room = (same(next) ? x(next.from) : width) - 4;
  const start = Math.max(same(before) ? x(before.to ?? now) + 4 : 0, written.get(bar.line) ?? 0);
  const at = long + 10 <= wide ? Math.max(left + 5, Math.min(SIDE, left + wide - long - 5))
    : left + wide + 5 + long <= room ? left + wide + 5
    : left - 5 - long >= start ? left - 5 - long
    : null;
  pen.fillStyle = bar.outcome === 2 ? colors.danger : bar.outcome === 3 ? colors['text-muted'] : colors.text;
  if (at !== null) {
    pen.fillText(bar.label, at, y + 9);
    written.set(bar.line, at + long + 6);
  } else if (wide > 48) {
    // Its beginning is better than nothing.
    pen.save();
    pen.beginPath();
    pen.rect(left, y, wide - 4, BAR);
    pen.clip();
    pen.fillText(bar.label, left + 5, y + 9);
    pen.restore();
  }
}

function bands(pen, scale, x, height, width, now, colors, say) {
  pen.font = `11px ${colors.font}`;
  for (const band of scale.bands) {
    const [left, right] = [x(band.from), x(band.to)];
    if (right < 0 || left > width) {
      continue;
    }

    pen.fillStyle = colors['surface-2'];
    pen.fillRect(left, RULER, right - left, height - RULER);
    const words = say(Math.max(0, Math.min(band.to, now) - band.from));
    pen.fillStyle = colors['text-muted'];
    pen.save();
    pen.translate((left + right) / 2, height / 2);
    pen.rotate(-Math.PI / 2);
    pen.textAlign = 'center';
    pen.fillText(words, 0, 0);
    pen.restore();
  }

  pen.textAlign = 'left';
}

function paintRuler(element, ticks, width, colors, say) {
  const canvas = canvasApart(element, 'ruler');
  const pen = prepare(canvas, width, RULER);
  pen.textBaseline = 'middle';
  pen.fillStyle = colors.bg;
  pen.fillRect(0, 0, width, RULER);
  pen.font = `11px ${colors.font}`;
  for (const { part, at } of ticks) {
    const x = SIDE + part * (width - 2 * SIDE);
    pen.fillStyle = colors.border;
    pen.fillRect(x - 0.5, RULER - 5, 1, 5);
    pen.fillStyle = colors['text-muted'];
    pen.textAlign = part === 0 ? 'left' : part === 1 ? 'right' : 'center';
    pen.fillText(say(Math.max(0, at)), x, 10);
  }

  return canvas;
}
