// Drafts of messages, and the message that is under way, in the tab's session storage: they survive a reload and end with the tab.

export const draftPrefix = 'copilot.draft.';

const outgoingName = 'copilot.outgoing';

const read = name => {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return null;
  }
};

const save = (name, value) => {
  try {
    if (value) {
      sessionStorage.setItem(name, JSON.stringify(value));
    } else {
      sessionStorage.removeItem(name);
    }
  } catch {
    // Full or blocked storage: it lives in the page alone.
  }
};

export const readDraft = key => read(draftPrefix + key);

export const saveDraft = (key, draft) => save(draftPrefix + key, draft?.text || draft?.files?.length > 0 ? draft : null);

/** The message that was handed over and not answered yet, with the key of its draft. */
export const readOutgoing = () => read(outgoingName);

export const saveOutgoing = message => save(outgoingName, message);
