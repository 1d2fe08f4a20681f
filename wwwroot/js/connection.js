// Whether the page can reach the server. reconnect.js keeps it at the root element and says when it changes.

/** The event on the document that says so. */
export const connectionChanged = 'copilot:connection';

/** True from the moment the browser has noticed that the connection is lost until it is back. */
export const isOffline = () => (document.documentElement.dataset.connection ?? 'up') !== 'up';

/** What a call to the server comes to; it fails when the connection is lost, because then nobody answers it any more. */
export const untilLost = call => new Promise((resolve, reject) => {
  const onChange = () => {
    if (isOffline()) {
      settle(reject, new Error('The connection was lost.'));
    }
  };
  const settle = (how, value) => {
    document.removeEventListener(connectionChanged, onChange);
    how(value);
  };
  document.addEventListener(connectionChanged, onChange);
  call.then(value => settle(resolve, value), error => settle(reject, error));
});
