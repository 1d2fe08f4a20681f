// Moves the playhead along its clock. Here time passes, and the server learns where the playhead is, once a frame at most and never twice
// at a time: what lies between two answers is one move, so 64 times as fast costs no more than once.
import { callServer } from '../../../js/connection.js';
import { takeTurn } from '../../../js/draw-turns.js';
import { playbackClock } from '../../../js/player/clock.js';
import { listenToKeys } from '../../../js/player/keys.js';

const MOVE_EVERY = 66;
const MOVE_EVERY_FAST = 83; // so much passes between two moves that a reader sees no more of it in smaller ones
const FAST = 8;
const ADDRESS_EVERY = 1000;
const NOTE_LASTS = 1500;

// The focus goes along to the player of the next run.
let wasFocused = false;

export function mount(root, bar, texts, person, lines, at) {
  const track = root.querySelector('[data-player-track]');
  const slider = root.querySelector('[data-player-slider]');
  const thumb = root.querySelector('[data-player-thumb]');
  const range = root.querySelector('[data-player-range]');
  const note = root.querySelector('[data-player-note]');
  const button = root.querySelector('[data-player-play]');
  const page = root.closest('.run-page');
  const memory = `copilot.replay.${person}`;
  const listening = new AbortController();
  const on = (target, name, work) => target.addEventListener(name, work, { signal: listening.signal });
  const clock = playbackClock();
  let run = null; // milliseconds of the run; null at its newest
  let playing = false;
  let goal = null; // where a stretch that is played ends
  let frame = 0;
  let frameAt = 0;
  let sent = { at: 0, busy: false, value: null };
  let addressed = 0;
  let noted = { text: '', at: 0 };
  let drag = null;

  const call = (name, ...values) => callServer(bar, name, ...values);
  const ask = (name, ...values) => call(name, ...values).catch(() => {}); // out of reach: the notice says so
  const { length, playLength, playAt, runAt } = clock;
  const here = () => run ?? length();

  const draw = () => {
    thumb.style.translate = `${Math.min(1, clock.part(here(), 1)) * 100}cqw`;
    page?.toggleAttribute('data-playing', playing);
  };
  const say = (text, now) => {
    if (text) {
      noted = { text, at: now };
    } else if (now - noted.at > NOTE_LASTS) {
      noted = { text: '', at: now };
    }

    if (note.textContent !== noted.text) {
      note.textContent = noted.text;
    }
  };
  const address = seq => {
    const url = new URL(location.href);
    if (seq === null) {
      url.searchParams.delete('seq');
    } else {
      url.searchParams.set('seq', seq);
    }

    history.replaceState(history.state, '', url);
  };
  const move = async (isFinal, now = performance.now()) => {
    if (isFinal) {
      sent.value = here();
      await ask('Move', here(), true);
      return;
    }

    const isFast = playing && length() > FAST * playLength();
    if (sent.busy || now - sent.at < (isFast ? MOVE_EVERY_FAST : MOVE_EVERY) || sent.value === here()) {
      return;
    }

    sent = { at: now, busy: true, value: null };
    try {
      const seq = await takeTurn(() => call('Move', sent.value = here(), false));
      if (playing && performance.now() - addressed >= ADDRESS_EVERY) {
        addressed = performance.now();
        address(seq);
      }
    } catch {
      pause(); // out of reach: the notice says so
    } finally {
      sent.busy = false;
    }
  };

  const step = now => {
    frame = 0;
    if (!playing) {
      return;
    }

    const before = here();
    const at = runAt(playAt(before) + Math.max(0, now - frameAt));
    frameAt = now;
    // A jump takes no time: what is noted of it was passed in this frame.
    say(clock.note(before, at), now);
    run = goal === null ? at : Math.min(at, goal);
    draw();
    if (goal !== null && run >= goal) {
      pause();
    } else if (run >= length()) {
      finish();
    } else {
      move(false, now);
      frame = requestAnimationFrame(step);
    }
  };
  const finish = async () => {
    let goesOn = false;
    wasFocused = root.contains(document.activeElement);
    try {
      goesOn = await call('ReachEnd');
    } catch {
      goesOn = false; // out of reach: the notice says so
    }

    if (goesOn && playing) {
      frameAt = performance.now();
      frame = requestAnimationFrame(step);
    } else {
      stop();
    }
  };
  const stop = () => {
    playing = false;
    goal = null;
    cancelAnimationFrame(frame);
    frame = 0;
    button.textContent = texts.play;
    draw();
  };
  const pause = () => {
    const was = playing;
    stop();
    if (was) {
      move(true);
    }
  };
  const play = () => {
    if (clock.isEmpty()) {
      return;
    }

    if (here() >= length()) {
      run = 0;
    }

    playing = true;
    button.textContent = texts.pause;
    frameAt = performance.now();
    draw();
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(step);
  };
  const toggle = () => (playing ? pause() : play());

  // By hand: while it plays it goes on from there.
  const seek = (at, isFinal) => {
    if (clock.isEmpty()) {
      return;
    }

    run = Math.max(0, Math.min(length(), at));
    goal = null;
    frameAt = performance.now();
    draw();
    move(isFinal && !playing);
  };
  const timeAt = event => {
    const box = track.getBoundingClientRect();
    return runAt(Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * playLength());
  };
  const drawRange = (from, to) => {
    const part = at => clock.part(at, 0) * 100;
    range.hidden = false;
    range.style.left = `${part(Math.min(from, to))}%`;
    range.style.width = `${part(Math.max(from, to)) - part(Math.min(from, to))}%`;
  };
  on(slider, 'pointerdown', event => {
    slider.setPointerCapture(event.pointerId);
    drag = { from: timeAt(event), measures: event.shiftKey };
    if (!drag.measures) {
      seek(drag.from, false);
    }
  });
  on(slider, 'pointermove', event => {
    if (drag?.measures) {
      drawRange(drag.from, timeAt(event));
    } else if (drag) {
      seek(timeAt(event), false);
    }
  });
  on(slider, 'pointerup', event => {
    if (drag?.measures) {
      range.hidden = true;
      ask('Measure', drag.from, timeAt(event));
    } else if (drag) {
      seek(timeAt(event), true);
    }

    drag = null;
  });
  on(slider, 'pointercancel', () => {
    drag = null;
    range.hidden = true;
  });
  on(button, 'click', toggle);

  listenToKeys(slider, { signal: listening.signal, ask, toggle, seek, here, length, timeOf: part => runAt(part * playLength()) });

  clock.load(lines);
  run = at;
  draw();
  try {
    const known = JSON.parse(copilotStorage.browser.read(memory) ?? 'null');
    if (known) {
      ask('Prefer', Number(known.speed) || 1, Number.isInteger(known.fit) ? known.fit : null, known.skips !== false, known.playsOn !== false);
    }
  } catch {
    copilotStorage.browser.remove(memory); // not ours any more
  }

  return {
    load(news) {
      clock.load(news);
      draw();
    },
    place(at) {
      run = at;
      goal = null;
      sent.value = here();
      frameAt = performance.now();
      draw();
    },
    playFromTo(from, to) {
      run = from;
      play();
      goal = to;
    },
    begin() {
      if (wasFocused && (document.activeElement === document.body || document.activeElement === null)) {
        button.focus();
      }

      run = 0;
      play();
    },
    remember(speed, fit, skips, playsOn) {
      copilotStorage.browser.save(memory, JSON.stringify({ speed, fit, skips, playsOn }));
    },
    dispose() {
      stop();
      listening.abort();
    },
  };
}
