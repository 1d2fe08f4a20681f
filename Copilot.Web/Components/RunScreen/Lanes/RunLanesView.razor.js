// Draws the overview strip and the lanes of a run on two canvases. What is drawn, with every time in it, was made on the server; here it
// is only placed. A run that rests costs nothing.
import { callServer, isOffline } from '../../../js/connection.js';
import { say } from '../../Timeline/RunTimeline.razor.js';
import { listenToKeys } from '../../../js/lanes/keys.js';
import { pace } from '../../../js/lanes/pace.js';
import { drawLanes, drawStrip, readColors } from '../../../js/lanes/paint.js';
import { listenToLanes, listenToStrip } from '../../../js/lanes/pointer.js';
import { fold, ticks } from '../../../js/lanes/scale.js';
import { laneWindow } from '../../../js/lanes/window.js';

const SEEK_EVERY = 66;
const FIRST_AXIS = 10_000;
const SHORTEST_IDLE = 2_000;
const SMALLEST_IDLE = 0.05;

export function mount(root, page, texts) {
  const strip = root.querySelector('[data-lanes-strip]');
  const body = root.querySelector('[data-lanes-body]');
  const said = root.querySelector('[data-lanes-said]');
  const bars = new Map();
  const listening = new AbortController();
  const on = (target, name, work, options) => target.addEventListener(name, work, { signal: listening.signal, ...options });
  const state = { order: [], marks: [], idle: [], idleSince: null, counts: [], width: 50, end: null, grows: false, playhead: null, focus: null, hits: [], texts };
  // Read when they change: asked for at a frame, they would have the page laid out in the middle of it.
  const size = { strip: { width: 0, height: 0 }, body: { width: 0, height: 0, top: 0 } };
  let clock = { now: 0, at: performance.now() };
  let axis = FIRST_AXIS;
  let folded = false;
  let waits = false;
  let scale = fold([], axis);
  let colors = null;
  let sought = { at: 0, timer: 0 };
  let picture = null;

  const now = () => state.end ?? (state.grows && !isOffline() ? clock.now + performance.now() - clock.at : clock.now);
  const call = (name, ...values) => callServer(page, name, ...values).catch(() => {}); // out of reach: the notice says so
  const rescale = () => { scale = fold(!folded ? [] : waits ? [...state.idle, [state.idleSince, Infinity]] : state.idle, axis); };
  const grow = () => {
    const wanted = now();
    const grown = state.end !== null ? Math.max(1, state.end) : wanted > axis ? wanted * 1.25 : axis;
    // A wait that goes on is folded once it is as long as those that are over.
    const waiting = state.idleSince !== null && wanted - state.idleSince >= Math.max(SHORTEST_IDLE, wanted * SMALLEST_IDLE);
    if (grown !== axis || waiting !== waits) {
      [axis, waits] = [grown, waiting];
      rescale();
    }
  };
  const drawing = pace(() => {
    if (size.body.width === 0 || document.hidden) {
      return null;
    }

    grow();
    const [at, seen] = [now(), window.now()];
    colors ??= readColors(root, texts.phases.length);
    drawStrip(strip, state, { scale, axis, now: at, colors, size: size.strip, window: window.part() });
    picture = drawLanes(body, state, state.grows ? null : picture, { scale, now: at, colors, size: size.body, window: seen, ticks: ticks(scale, seen), say });
    state.hits = picture.hits;
    return !state.grows ? null : isOffline() ? Infinity : Math.max(1, scale.place(seen.to) - scale.place(seen.from)) / size.body.width;
  });
  // What moves with the playhead is drawn over the picture of all bars.
  const move = () => drawing.soon();
  const redraw = () => {
    picture = null;
    move();
  };
  const window = laneWindow(() => axis, isPart => {
    root.querySelector('[data-lanes-whole]').hidden = !isPart;
    redraw();
  });

  const seek = (at, done) => {
    const place = at >= now() ? Number.MAX_SAFE_INTEGER : Math.max(0, at);
    state.playhead = at >= now() ? null : place;
    move();
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

  const took = (from, to) => say(Math.max(0, (to ?? now()) - from));
  const explain = bar => [
    `${bar.label} · ${texts.outcomes[bar.outcome]}`,
    ...bar.parts.map(([phase, to], place) => `${texts.phases[phase]} ${took(place === 0 ? bar.from : bar.parts[place - 1][1], to)}`),
  ];
  const focus = bar => {
    state.focus = bar.id;
    said.textContent = `${texts.lanes[bar.lane]}: ${bar.label}, ${texts.outcomes[bar.outcome]}, ${took(bar.from, bar.to)}`;
    const part = window.part();
    if (part && (bar.from > part.to || (bar.to ?? now()) < part.from)) {
      window.pan(bar.from - part.from - (part.to - part.from) / 10);
    }

    const hit = state.hits.find(one => one.bar.id === bar.id);
    if (hit && (hit.y < body.scrollTop + 30 || hit.y + hit.h > body.scrollTop + body.clientHeight)) {
      body.scrollTop = hit.y - body.clientHeight / 2;
    }

    redraw();
  };

  const lanes = {
    on, window, now, seek, explain, focus,
    axis: () => axis,
    scale: () => scale,
    hits: () => state.hits,
    bars: () => state.order,
    focused: () => bars.get(state.focus),
    playhead: () => state.playhead ?? now(),
    open: bar => call('OpenBar', bar.id),
  };
  listenToStrip(strip, lanes);
  listenToLanes(body, root.querySelector('[data-lanes-tip]'), lanes);
  listenToKeys(body, lanes);
  on(body, 'scroll', () => {
    size.body.top = body.scrollTop;
    move();
  }, { passive: true });
  on(body, 'focus', redraw);
  on(body, 'blur', redraw);
  on(root, 'click', event => {
    if (event.target.closest('[data-lanes-whole]')) {
      window.look(null);
    }
  });
  on(root, 'change', event => {
    if (event.target.closest('[data-lanes-fold]')) {
      folded = event.target.checked;
      rescale();
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
  const sizes = new ResizeObserver(() => {
    size.strip = { width: strip.clientWidth, height: strip.clientHeight };
    size.body = { width: body.clientWidth, height: body.clientHeight, top: body.scrollTop };
    redraw();
  });
  sizes.observe(body);
  sizes.observe(strip);

  return {
    update(news) {
      clock = { now: news.now, at: performance.now() };
      state.grows = news.grows;
      state.end = news.end;
      state.idleSince = news.idleSince;
      waits &&= news.idleSince !== null;
      state.marks = news.marks ?? state.marks;
      state.width = news.width;
      if (news.counts) {
        state.counts.length = news.countsFrom;
        state.counts.push(...news.counts);
      }

      if (news.idle) {
        state.idle = news.idle;
        rescale();
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
      // A window on a part of the run goes along, until the reader moves it.
      const part = window.part();
      if (at !== null && part && !root.closest('[data-released]') && (at < part.from || at > part.to)) {
        window.pan(at - part.from);
      }

      move();
    },
    focus: () => body.focus(),
    dispose() {
      listening.abort();
      themes.disconnect();
      sizes.disconnect();
      drawing.stop();
      clearTimeout(sought.timer);
    },
  };
}
