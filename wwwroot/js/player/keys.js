// The player's keys. They work on the whole page, but not on a button, which has keys of its own.
import { isCommand, listenToPage } from '../page-keys.js';

const SECONDS = 5000;

const isOwn = element => element?.closest?.('[role=application], [role=tab], [role=separator]');

/** Lets keys move the playhead: seek(at, isFinal) to a moment of the run, whose length() it has, and timeOf a part of the bar; ask(name, ...values) asks the server. */
export function listenToKeys(slider, { signal, ask, toggle, seek, here, length, timeOf }) {
  const keys = {
    ' ': toggle,
    ',': () => ask('Step', 'event', false),
    '.': () => ask('Step', 'event', true),
    '[': () => ask('Step', 'marker', false),
    ']': () => ask('Step', 'marker', true),
    '{': () => ask('Step', 'turn', false),
    '}': () => ask('Step', 'turn', true),
    '<': () => ask('ChangeSpeed', -1),
    '>': () => ask('ChangeSpeed', 1),
  };
  const moves = event => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by) {
      return here() + by * (event.shiftKey ? length() / 10 : SECONDS);
    }

    if (/^[0-9]$/.test(event.key)) {
      return timeOf(Number(event.key) / 10);
    }

    return event.target === slider ? { Home: 0, End: length() }[event.key] ?? null : null;
  };
  listenToPage(event => {
    const target = event.target;
    if (isCommand(event)) {
      return false;
    }

    const onButton = target?.closest?.('button, a, summary, [role=button], [role=menuitem]');
    const work = keys[event.key];
    const at = isOwn(target) || onButton ? null : moves(event);
    if (at !== null && at !== undefined) {
      seek(at, true);
      return true;
    }

    if (work && !onButton) {
      work();
      return true;
    }

    return false;
  }, signal);
}
