// Drafts of messages, in the tab's session storage: they survive a reload and end with the tab.

export const draftPrefix = 'copilot.draft.';

export const readDraft = key => {
  try {
    return JSON.parse(sessionStorage.getItem(draftPrefix + key));
  } catch {
    return null;
  }
};

export const saveDraft = (key, draft) => {
  try {
    if (draft?.text || draft?.files?.length > 0) {
      sessionStorage.setItem(draftPrefix + key, JSON.stringify(draft));
    } else {
      sessionStorage.removeItem(draftPrefix + key);
    }
  } catch {
    // Full or blocked storage: the draft lives in the box alone.
  }
};
