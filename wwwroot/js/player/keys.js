// The player's keys. They work on the whole page, but neither where something is written nor on a button, which has keys of its own.
const SECONDS = 5000;

const isWriting = element => element?.closest?.('input, textarea, select, [contenteditable=true]');
// Many keyboards write brackets and braces with AltGr, which some systems report as Ctrl with Alt.
const isCommand = event => event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState('AltGraph'));
const isOwn = element => element?.closest?.('[role=application], [role=tab], [role=separator]');

/** Lets keys move the playhead: seek(at, rests) to a moment of the run, whose length() it has, and timeOf a part of the bar. */
export function listenToKeys(slider, { on, tell, toggle, seek, here, length, timeOf }) {
  const keys = {
    ' ': toggle,
    ',': () => tell('Step', 'event', false),
    '.': () => tell('Step', 'event', true),
    '[': () => tell('Step', 'marker', false),
    ']': () => tell('Step', 'marker', true),
    '{': () => tell('Step', 'turn', false),
    '}': () => tell('Step', 'turn', true),
    '<': () => tell('ChangeSpeed', -1),
    '>': () => tell('ChangeSpeed', 1),
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
  on(document, 'keydown', event => {
    const target = event.target;
    if (event.defaultPrevented || isCommand(event) || isWriting(target) || document.querySelector('[role=dialog]')) {
      return;
    }

    const onButton = target?.closest?.('button, a, summary, [role=button], [role=menuitem]');
    const work = keys[event.key];
    const at = isOwn(target) || onButton ? null : moves(event);
    if (at !== null && at !== undefined) {
      event.preventDefault();
      seek(at, true);
    } else if (work && !onButton) {
      event.preventDefault();
      work();
    }
  });
}
