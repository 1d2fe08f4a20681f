// Drafts of messages, the message that is under way and the run that is to be stopped, in the tab's session storage: they survive a
// reload and end with the tab.

const draftPrefix = 'copilot.draft.';

const outgoingName = 'copilot.outgoing';

const stopName = 'copilot.stop';

const read = name => {
  try {
    return JSON.parse(copilotStorage.tab.read(name));
  } catch {
    return null; // not ours
  }
};

const save = (name, value) => value ? copilotStorage.tab.save(name, JSON.stringify(value)) : copilotStorage.tab.remove(name);

export const readDraft = key => read(draftPrefix + key);

export const saveDraft = (key, draft) => save(draftPrefix + key, draft?.text || draft?.files?.length > 0 || draft?.unfinished?.length > 0 ? draft : null);

/** The message that was handed over and not answered yet, with the key of its draft. */
export const readOutgoing = () => read(outgoingName);

export const saveOutgoing = message => save(outgoingName, message);

/** The run whose Stop was pressed and not answered yet. */
export const readStop = () => read(stopName);

export const saveStop = run => save(stopName, run);

/** Drops the draft of a message that has arrived, whatever conversation it was kept for. */
export const dropDraft = id => {
  for (const name of copilotStorage.tab.names().filter(name => name.startsWith(draftPrefix))) {
    if (read(name)?.id === id) {
      copilotStorage.tab.remove(name);
    }
  }
};
