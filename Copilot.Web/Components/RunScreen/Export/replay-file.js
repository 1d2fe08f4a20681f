// Plays a run from the data beside it. Everything was folded when the file was made: here it is only clipped at the playhead.
(() => {
  'use strict';
  const { runs, texts, redacted } = JSON.parse(document.getElementById('replay-data').textContent);
  const SPEEDS = [0.5, 1, 2, 4, 8, 16, 32, 64];
  let run = runs[0];
  let place = 0; // milliseconds of playing
  let playing = false;
  let shownAt = -1;
  let before = 0;
  let rows = [];

  // What is not seen, or turns other letters around, is named as on the screens.
  const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;
  const seen = text => text.replace(HIDDEN, one => `⟨U+${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
  const make = (name, text, set = {}) => Object.assign(document.createElement(name), text === undefined ? {} : { textContent: seen(text) }, set);
  const title = make('h1');
  const about = make('p', undefined, { className: 'muted' });
  const play = make('button', texts.play, { type: 'button' });
  const slider = make('input', undefined, { type: 'range', min: 0, step: 1 });
  slider.setAttribute('aria-label', texts.position);
  const speed = make('select');
  speed.setAttribute('aria-label', texts.speed);
  SPEEDS.forEach(one => speed.append(make('option', `${one}×`, { value: one, selected: one === 1 })));
  const which = make('select');
  which.setAttribute('aria-label', texts.run);
  runs.forEach((one, index) => which.append(make('option', one.title, { value: index })));
  which.hidden = runs.length < 2;
  const clock = make('span', undefined, { className: 'muted' });
  const note = make('span', undefined, { className: 'muted' });
  note.setAttribute('role', 'status');
  const list = make('ol', undefined, { className: 'entries' });
  list.setAttribute('aria-label', texts.timeline);

  const header = make('header');
  header.append(title, about);
  const tools = make('div', undefined, { className: 'tools' });
  tools.append(play, speed, which, clock, note);
  const bar = make('section', undefined, { className: 'bar' });
  bar.setAttribute('aria-label', texts.player);
  bar.append(slider, tools);
  const main = make('main');
  main.append(bar, make('h2', texts.timeline, { className: 'unseen' }), list);
  document.body.append(header, main);

  const between = (value, from, to, first, last) => (to <= from ? last : first + (value - from) / (to - from) * (last - first));
  const playLength = () => run.segments.at(-1)?.[3] ?? 0;
  const runLength = () => run.times.at(-1) ?? 0;
  const runAt = at => {
    const segment = at <= 0 ? null : run.segments.find(one => at < one[3]);
    return at <= 0 ? 0 : segment ? between(at, segment[2], segment[3], segment[0], segment[1]) : runLength();
  };
  const playAt = at => {
    const segment = run.segments.find(one => at < one[1]);
    return segment ? between(Math.max(at, segment[0]), segment[0], segment[1], segment[2], segment[3]) : playLength();
  };
  const seqAt = at => {
    let [low, high] = [0, run.times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      [low, high] = run.times[middle] <= at + 0.0005 ? [middle + 1, high] : [low, middle];
    }

    return run.first - 1 + Math.max(1, low);
  };
  const last = (steps, seq, key) => {
    let found = null;
    for (const step of steps) {
      if (step[key] > seq) {
        break;
      }

      found = step;
    }

    return found;
  };
  // What had come of a text, and its markup once nothing was missing.
  const clip = (text, seq) => {
    const one = last(text.g, seq, 'a') ?? null;
    const mark = one && last(one.m, seq, 0);
    return mark
      ? { words: one.s.slice(0, mark[1]).replace(/\ue200[^\ue201]*\ue201?/g, ''), markup: mark === one.m.at(-1) ? one.h : null }
      : { words: '', markup: null };
  };
  // The markup was made and cleaned when the file was, and the file's policy lets nothing in it run or load.
  const fill = (body, text, { words, markup }) => {
    const whole = text.l ? `${text.l}: ${words}` : words;
    if (body.said === whole && body.isMarkup === (markup !== null)) {
      return;
    }

    Object.assign(body, { said: whole, isMarkup: markup !== null });
    body.hidden = words.length === 0;
    body.className = markup === null ? 'plain' : 'md';
    if (markup === null) {
      body.textContent = seen(whole);
    } else {
      body.innerHTML = markup;
    }
  };
  const two = number => String(Math.floor(number)).padStart(2, '0');
  const time = ms => `${Math.floor(ms / 60000)}:${two(ms / 1000 % 60)}`;

  const show = seq => {
    if (shownAt === seq) {
      return;
    }

    shownAt = seq;
    for (const { entry, row, line, bodies } of rows) {
      row.hidden = entry.f > seq;
      if (row.hidden) {
        continue;
      }

      const step = last(entry.h, seq, 'q');
      if (step && line.textContent !== seen(step.s)) {
        line.textContent = seen(step.s);
      }

      row.dataset.tone = step?.t ?? '';
      row.toggleAttribute('data-off', entry.x !== null && entry.x <= seq);
      entry.b.forEach((text, index) => fill(bodies[index], text, clip(text, seq)));
    }
  };
  const draw = () => {
    const at = runAt(place);
    const seq = seqAt(at);
    show(seq);
    slider.value = place;
    const status = last(run.statuses, seq, 'q')?.s ?? '';
    clock.textContent = `${time(at)} / ${time(runLength())} · ${status}`;
    slider.setAttribute('aria-valuetext', `${time(at)}, ${status}`);
  };
  const open = index => {
    run = runs[index];
    title.textContent = seen(run.title);
    about.textContent = redacted ? `${run.from} · ${redacted}` : run.from;
    slider.max = Math.max(1, Math.ceil(playLength()));
    rows = run.entries.map(entry => {
      const row = make('li');
      row.dataset.kind = entry.k;
      const line = make('span', undefined, { className: 'line' });
      const bodies = entry.b.map(() => make('div', undefined, { className: 'plain', hidden: true, said: '', isMarkup: false }));
      row.append(line, ...bodies);
      return { entry, row, line, bodies };
    });
    list.replaceChildren(...rows.map(one => one.row));
    shownAt = -1;
    place = 0;
    draw();
  };
  const stop = () => {
    playing = false;
    play.textContent = texts.play;
  };
  const frame = now => {
    if (!playing) {
      return;
    }

    const was = runAt(place);
    place = Math.min(playLength(), place + (now - before) * Number(speed.value));
    before = now;
    const wait = run.segments.find(one => one[4] && one[0] <= runAt(place) && one[1] > was);
    note.textContent = wait ? wait[4] : '';
    draw();
    if (place >= playLength()) {
      stop();
    } else {
      requestAnimationFrame(frame);
    }
  };
  const toggle = () => {
    if (playing) {
      stop();
      return;
    }

    place = place >= playLength() ? 0 : place;
    playing = true;
    play.textContent = texts.pause;
    before = performance.now();
    requestAnimationFrame(frame);
  };
  const go = at => {
    place = Math.max(0, Math.min(playLength(), at));
    draw();
  };
  const step = by => {
    const seq = Math.max(run.first, Math.min(run.first + run.times.length - 1, shownAt + by));
    go(playAt(run.times[seq - run.first]));
    show(seq);
  };

  play.addEventListener('click', toggle);
  slider.addEventListener('input', () => go(Number(slider.value)));
  which.addEventListener('change', () => open(Number(which.value)));
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('select, button, a, pre, .md-table')) {
      return;
    }

    const work = {
      ' ': toggle, ',': () => step(-1), '.': () => step(1),
      ArrowLeft: () => go(playAt(runAt(place) - 5000)), ArrowRight: () => go(playAt(runAt(place) + 5000)),
    }[event.key] ?? (/^[0-9]$/.test(event.key) ? () => go(Number(event.key) / 10 * playLength()) : null);
    if (work) {
      event.preventDefault();
      work();
    }
  });
  open(0);

  // For tests: what is shown at an event.
  globalThis.replay = {
    at(seq) {
      show(seq);
      return rows.filter(one => !one.row.hidden).map(one => [one.row.hasAttribute('data-off') ? '-' : '+', one.line.textContent, ...one.bodies.filter(body => !body.hidden).map(body => body.said)].join('|'));
    },
  };
})();
