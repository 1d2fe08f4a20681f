// Parts of a page that are drawn anew at the same pace take turns, so that no frame pays for two of them: the next begins once what the one
// before has drawn is on the screen.
const FRAME_AT_MOST = 50; // a page in the background has no frames

let last = Promise.resolve();

/** Resolves once the next frame begins. */
export const nextFrame = () => new Promise(resolve => {
  const late = setTimeout(resolve, FRAME_AT_MOST);
  requestAnimationFrame(() => {
    clearTimeout(late);
    resolve();
  });
});

/** Does the work in its turn, and gives what it gives. */
export function takeTurn(work) {
  const done = last.then(work);
  last = done.catch(() => {}).then(nextFrame);
  return done;
}
