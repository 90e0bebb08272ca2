/**
 * Lets everything else that waits have its turn. By a message, because browsers make timers wait for
 * milliseconds, and for a second in hidden tabs.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
