// Whether the page can reach the server. reconnect.js keeps it at the root element and says when it changes.

/** The event on the document that says so. */
export const connectionChanged = 'copilot:connection';

/** True from the moment the browser has noticed that the connection is lost until it is back. */
export const isOffline = () => (document.documentElement.dataset.connection ?? 'up') !== 'up';

/**
 * Calls a method of a component, and gives what it answers. Fails without a connection, and when it is lost meanwhile: nobody answers any
 * more then, and the framework's own promise would wait for ever.
 */
export const callServer = (component, method, ...values) => new Promise((resolve, reject) => {
  const onChange = () => {
    if (isOffline()) {
      settle(reject, new Error('There is no connection.'));
    }
  };
  const settle = (how, value) => {
    document.removeEventListener(connectionChanged, onChange);
    how(value);
  };
  document.addEventListener(connectionChanged, onChange);
  onChange();
  if (!isOffline()) {
    component.invokeMethodAsync(method, ...values).then(value => settle(resolve, value), error => settle(reject, error));
  }
});
