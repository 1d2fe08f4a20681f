// The way of messages to the server, one after the other: the one under way is saved in the tab until the server has answered,
// and nothing that was pressed while the server was out of reach is lost.

import { callServer, isOffline } from './connection.js';
import { readDraft, readOutgoing, readStop, saveDraft, saveOutgoing, saveStop } from './drafts.js';
import { newId } from './text-box.js';

// An answer to a message takes a fraction of a second; after this somebody wonders.
const slowAfter = 5000;

/**
 * The outbox of a message box.
 * @param form The form: its dataset has the texts.
 * @param dotnet The component.
 * @param view The box: draft() and key() as they are now, report(text, about), paint(), load() the draft anew, hold(message, how)
 * until the connection is back, sent() when an attempt has ended, submit(how) what is in the box, hasProblem() whether one is shown.
 */
export function openOutbox(form, dotnet, view) {
  // The one message that the server has not answered yet. The box is free for the next words meanwhile.
  let outgoing = readOutgoing();
  let sending = false;
  let again = false;
  let begun = outgoing?.key === 'new' ? outgoing.id : null;

  const settle = id => {
    if (outgoing?.id === id) {
      outgoing = null;
      saveOutgoing(null);
    }
  };

  // False after the page has come back with a new circuit: its component has a script of its own, which takes up what waits.
  const isThere = () => callServer(dotnet, 'IsThere').catch(() => false);

  // What could not be sent stands before what was written since.
  const giveBack = message => {
    const isHere = message.key === view.key();
    const now = isHere ? view.draft() : readDraft(message.key);
    const joined = {
      text: now?.text ? `${message.text}\n\n${now.text}` : message.text,
      files: [...message.files, ...(now?.files ?? [])],
      id: now ? newId() : message.id,
      sent: !now,
    };
    saveDraft(message.key, joined);
    if (isHere) {
      view.load();
    }
  };

  const send = async message => {
    outgoing = message;
    saveOutgoing(outgoing);
    begun = message.key === 'new' ? message.id : null;
    sending = true;
    view.report(null);
    view.paint();
    const slow = setTimeout(() => view.report(form.dataset.textSlow, 'slow'), slowAfter);
    try {
      const call = message.how === 'Tell'
        ? callServer(dotnet, 'Tell', message.id, message.text)
        : callServer(dotnet, 'Send', message.id, message.text, message.files.map(file => file.id));
      const result = await call;
      settle(message.id);
      if (!result.accepted) {
        giveBack(message);
        view.report(result.problem);
      } else {
        view.report(null);
        document.dispatchEvent(new Event('copilot:sent'));
      }
    } catch {
      const refused = !isOffline() && await isThere();
      if (outgoing !== message || !(refused || isOffline())) {
        view.report(null); // its event has come all the same, or it is another script's now
      } else if (refused) {
        settle(message.id);
        giveBack(message);
        view.report(form.dataset.textNotSent);
      } else if (view.draft()) {
        view.report(form.dataset.textHeldLast, 'held'); // goes from where it is kept: the box has the next words already
      } else {
        settle(message.id);
        view.hold({ text: message.text, files: message.files, id: message.id, sent: true }, message.how);
      }
    } finally {
      clearTimeout(slow);
      sending = false;
      view.sent();
    }

    if (again) {
      again = false;
      if (!view.draft()?.held && !view.hasProblem()) {
        await view.submit();
      }
    }
  };

  const stop = async run => {
    saveStop(run);
    if (!isOffline()) {
      try {
        await callServer(dotnet, 'StopRun', run);
        saveStop(null);
        return;
      } catch {
        if (!isOffline() && await isThere()) {
          saveStop(null);
          view.report(form.dataset.textOffline);
        }
      }
    }

    if (isOffline()) {
      view.report(form.dataset.textStopHeld, 'held');
    }
  };

  // A page that has come back with a new circuit may not know the run yet; it is told when it does.
  const resumeStop = () => {
    const run = readStop();
    if (run && run === form.dataset.run && !isOffline()) {
      stop(run);
    }
  };

  return {
    isSending: () => sending,
    /** Once the message under way has its answer, what is in the box then is submitted. */
    submitNext() {
      again = true;
    },
    send,
    settle,
    stop,
    resumeStop,
    /** True when the first message of a new conversation gave it its address; that message goes along. */
    moves(from, to) {
      if (from !== 'new' || to !== `ses_${begun}`) {
        return false;
      }

      begun = null; // only once: later this is a conversation that is opened again, with a draft of its own
      if (outgoing) {
        outgoing.key = to;
        saveOutgoing(outgoing);
      }

      return true;
    },
    /** With the connection back: stops and sends what could not be. True when a message of the outbox was taken up. */
    resume() {
      resumeStop();
      if (!outgoing || sending) {
        return false;
      }

      const message = outgoing;
      if (message.key === view.key()) {
        send(message);
      } else {
        settle(message.id);
        giveBack(message);
      }

      return true;
    },
  };
}
