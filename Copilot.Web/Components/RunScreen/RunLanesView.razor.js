// Draws the overview strip and the lanes of a run on two canvases. What is drawn, with every time in it, was made on the server; here it
// is only placed. A frame is drawn when something has moved by half a pixel, so a run that rests costs nothing.
import { isOffline } from '../../js/connection.js';
import { say } from '../Timeline/RunTimeline.razor.js';
import { fold, ticks } from '../../js/lane-scale.js';
import { drawLanes, drawStrip, readColors } from '../../js/lane-paint.js';

const ZOOM = 1.4;
const SEEK_EVERY = 66;
const FIRST_AXIS = 10_000;
const SHORTEST_VIEW = 20;

export function mount(root, page, texts) {
  const strip = root.querySelector('[data-lanes-strip]');
  const body = root.querySelector('[data-lanes-body]');
  const tip = root.querySelector('[data-lanes-tip]');
  const said = root.querySelector('[data-lanes-said]');
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const bars = new Map();
  const listening = new AbortController();
  const on = (target, name, work, options) => target.addEventListener(name, work, { signal: listening.signal, ...options });
  const state = { order: [], marks: [], idle: [], counts: [], width: 50, end: null, grows: false, playhead: null, focus: null, view: null, brush: null, hits: [], texts };
  let clock = { now: 0, at: performance.now() };
  let axis = FIRST_AXIS;
  let folded = false;
  let scale = fold([], axis);
  let colors = null;
  let dirty = true;
  let frame = 0;
  let timer = 0;
  let drawnAt = -1;
  let sought = { at: 0, timer: 0 };
  let disposed = false;

  const now = () => state.end ?? (state.grows && !isOffline() ? clock.now + performance.now() - clock.at : clock.now);
  const call = (name, ...values) => page.invokeMethodAsync(name, ...values).catch(() => {}); // out of reach: the notice says so
  const view = () => state.view ?? { from: 0, to: axis };
  const scaleNow = () => {
    const wanted = now();
    const grown = state.end !== null ? Math.max(1, state.end) : wanted > axis ? wanted * 1.25 : axis;
    if (grown !== axis) {
      axis = grown;
      scale = fold(folded ? state.idle : [], axis);
    }
  };

  const paint = () => {
    frame = 0;
    const lanes = body.clientWidth;
    if (disposed || lanes === 0 || document.hidden) {
      return;
    }

    scaleNow();
    const at = now();
    const window = view();
    const perMs = lanes / Math.max(1, scale.place(window.to) - scale.place(window.from));
    if (dirty || (state.grows && Math.abs(at - drawnAt) * perMs >= 0.5)) {
      dirty = false;
      drawnAt = at;
      colors ??= readColors(root);
      drawStrip(strip, state, { scale, axis, now: at, colors, window: state.view });
      state.hits = drawLanes(body, state, { scale, now: at, colors, window, ticks: ticks(scale, window), say });
    }

    if (state.grows) {
      next();
    }
  };
  const next = () => {
    if (calm.matches) {
      // Once a second, and soon after a change.
      clearTimeout(timer);
      timer = setTimeout(paint, dirty ? 50 : 1000);
    } else {
      frame ||= requestAnimationFrame(paint);
    }
  };
  const redraw = () => {
    dirty = true;
    next();
  };

  // The reader's window on the run.
  const look = window => {
    state.view = window && (window.to - window.from < axis - 1) ? window : null;
    root.querySelector('[data-lanes-whole]').hidden = state.view === null;
    redraw();
  };
  const zoom = (factor, middle) => {
    const { from, to } = view();
    const length = Math.max(SHORTEST_VIEW, Math.min(axis, (to - from) * factor));
    const part = (middle - from) / Math.max(1, to - from);
    const start = Math.max(0, Math.min(axis - length, middle - length * part));
    look({ from: start, to: start + length });
  };
  const pan = by => {
    const { from, to } = view();
    const start = Math.max(0, Math.min(axis - (to - from), from + by));
    look({ from: start, to: start + to - from });
  };

  const seek = (at, done) => {
    const place = at >= now() ? Number.MAX_SAFE_INTEGER : Math.max(0, at);
    state.playhead = at >= now() ? null : place;
    redraw();
    sought.at = place;
    if (done) {
      clearTimeout(sought.timer);
      sought.timer = 0;
      call('Seek', place, true);
    } else {
      sought.timer ||= setTimeout(() => {
        sought.timer = 0;
        call('Seek', sought.at, false);
      }, SEEK_EVERY);
    }
  };

  const timeIn = (element, event, window) => {
    const box = element.getBoundingClientRect();
    const part = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    return scale.time(scale.place(window.from) + part * (scale.place(window.to) - scale.place(window.from)));
  };
  const whole = () => ({ from: 0, to: axis });

  // The strip: a drag chooses the window, the playhead's line and a click move the playhead, a double click shows the whole run.
  let drag = null;
  on(strip, 'pointerdown', event => {
    const at = timeIn(strip, event, whole());
    const line = state.playhead ?? now();
    const near = Math.abs(scale.place(at) - scale.place(line)) * strip.clientWidth / Math.max(1, scale.length) < 8;
    drag = { at, x: event.clientX, moves: near || event.clientY - strip.getBoundingClientRect().top < 14 };
    strip.setPointerCapture(event.pointerId);
  });
  on(strip, 'pointermove', event => {
    if (!drag) {
      return;
    }

    const at = timeIn(strip, event, whole());
    if (drag.moves) {
      seek(at, false);
    } else if (Math.abs(event.clientX - drag.x) > 4) {
      drag.brushed = true;
      look({ from: Math.min(at, drag.at), to: Math.max(at, drag.at, Math.min(at, drag.at) + SHORTEST_VIEW) });
    }
  });
  on(strip, 'pointerup', event => {
    if (drag && !drag.brushed) {
      seek(timeIn(strip, event, whole()), true);
    }

    drag = null;
  });
  on(strip, 'pointercancel', () => { drag = null; });
  on(strip, 'dblclick', () => look(null));

  // The lanes.
  const hitAt = event => {
    const box = body.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top + body.scrollTop];
    return state.hits.findLast(hit => x >= hit.x - 2 && x <= hit.x + hit.w + 2 && y >= hit.y && y <= hit.y + hit.h)?.bar;
  };
  on(body, 'click', event => {
    const bar = hitAt(event);
    if (bar) {
      focusOn(bar);
      call('OpenBar', bar.id);
    }
  });
  on(body, 'dblclick', event => {
    const bar = hitAt(event);
    const to = bar && (bar.to ?? now());
    const margin = bar && Math.max(SHORTEST_VIEW, (to - bar.from) * 0.05);
    look(!bar || (state.view && Math.abs(state.view.from - Math.max(0, bar.from - margin)) < 1) ? null : { from: Math.max(0, bar.from - margin), to: Math.min(axis, to + margin) });
  });
  on(body, 'wheel', event => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      zoom(event.deltaY > 0 ? ZOOM : 1 / ZOOM, timeIn(body, event, view()));
    } else if (state.view && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))) {
      event.preventDefault();
      pan((event.deltaX || event.deltaY) * (state.view.to - state.view.from) / body.clientWidth);
    }
  }, { passive: false });
  on(body, 'pointermove', event => {
    const bar = event.pointerType === 'mouse' ? hitAt(event) : null;
    body.style.cursor = bar ? 'pointer' : '';
    tip.hidden = !bar;
    if (bar) {
      explain(bar);
      const box = root.getBoundingClientRect();
      tip.style.left = `${Math.min(event.clientX - box.left + 12, box.width - tip.offsetWidth - 8)}px`;
      tip.style.top = `${event.clientY - box.top + 14}px`;
    }
  });
  on(body, 'pointerleave', () => { tip.hidden = true; });
  on(body, 'scroll', redraw, { passive: true });

  const parts = bar => bar.parts.map((part, place) => ({ phase: part[0], from: place === 0 ? bar.from : bar.parts[place - 1][1], to: part[1] ?? now() }));
  const explain = bar => {
    tip.replaceChildren();
    const name = document.createElement('strong');
    name.textContent = `${bar.label} · ${texts.outcomes[bar.outcome]}`;
    tip.append(name);
    for (const part of parts(bar)) {
      const line = document.createElement('span');
      line.textContent = `${texts.phases[part.phase]} ${say(Math.max(0, part.to - part.from))}`;
      tip.append(line);
    }
  };
  const focusOn = bar => {
    state.focus = bar.id;
    said.textContent = `${texts.lanes[bar.lane]}: ${bar.label}, ${texts.outcomes[bar.outcome]}, ${say(Math.max(0, (bar.to ?? now()) - bar.from))}`;
    const { from, to } = view();
    if (state.view && (bar.from > to || (bar.to ?? now()) < from)) {
      pan(bar.from - from - (to - from) / 10);
    }

    const hit = state.hits.find(one => one.bar.id === bar.id);
    if (hit && (hit.y < body.scrollTop + 30 || hit.y + hit.h > body.scrollTop + body.clientHeight)) {
      body.scrollTop = hit.y - body.clientHeight / 2;
    }

    redraw();
  };
  on(body, 'keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }

    const order = state.order;
    const place = order.findIndex(bar => bar.id === state.focus);
    const current = order[place];
    const along = by => order[Math.max(0, Math.min(order.length - 1, place + by))];
    // The row above or below, where it is nearest in time.
    const across = by => {
      const rows = [...new Set(order.map(bar => bar.line))];
      const line = rows[rows.indexOf(current.line) + by];
      return order.filter(bar => bar.line === line).sort((one, other) => Math.abs(one.from - current.from) - Math.abs(other.from - current.from))[0];
    };
    const wanted = order.length === 0 ? undefined : {
      ArrowRight: () => (current ? along(1) : order[0]),
      ArrowLeft: () => (current ? along(-1) : order.at(-1)),
      ArrowDown: () => (current ? across(1) : order[0]),
      ArrowUp: () => (current ? across(-1) : order.at(-1)),
      Home: () => order[0],
      End: () => order.at(-1),
    }[event.key];
    if (wanted) {
      event.preventDefault();
      const bar = wanted();
      if (bar) {
        focusOn(bar);
      }
    } else if (event.key === 'Enter' && current) {
      event.preventDefault();
      call('OpenBar', current.id);
    } else if (event.key === '+' || event.key === '-') {
      event.preventDefault();
      const { from, to } = view();
      zoom(event.key === '+' ? 1 / ZOOM : ZOOM, current ? current.from : (from + to) / 2);
    } else if (event.key === '0') {
      look(null);
    }
  });
  on(body, 'focus', redraw);
  on(body, 'blur', redraw);
  on(root, 'click', event => {
    if (event.target.closest('[data-lanes-whole]')) {
      look(null);
    }
  });
  on(root, 'change', event => {
    if (event.target.closest('[data-lanes-fold]')) {
      folded = event.target.checked;
      scale = fold(folded ? state.idle : [], axis);
      redraw();
    }
  });
  on(document, 'visibilitychange', redraw);
  const recolor = () => {
    colors = null;
    redraw();
  };
  on(matchMedia('(prefers-color-scheme: dark)'), 'change', recolor);
  const themes = new MutationObserver(recolor);
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const sizes = new ResizeObserver(redraw);
  sizes.observe(body);
  sizes.observe(strip);

  return {
    update(news) {
      clock = { now: news.now, at: performance.now() };
      state.grows = news.grows;
      state.end = news.end;
      state.marks = news.marks ?? state.marks;
      state.counts = news.counts ?? state.counts;
      state.width = news.width;
      if (news.idle) {
        state.idle = news.idle;
        scale = fold(folded ? state.idle : [], axis);
      }

      for (const [id, lane, row, label, outcome, from, seq, ends] of news.bars) {
        bars.set(id, { id, lane, row, line: lane * 1000 + row, label, outcome, from, seq, parts: ends, to: ends.at(-1)[1] });
      }

      if (news.bars.length > 0) {
        state.order = [...bars.values()].sort((one, other) => one.line - other.line || one.from - other.from);
      }

      redraw();
    },
    playhead(at) {
      state.playhead = at;
      redraw();
    },
    focus: () => body.focus(),
    dispose() {
      disposed = true;
      listening.abort();
      themes.disconnect();
      sizes.disconnect();
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      clearTimeout(sought.timer);
    },
  };
}
