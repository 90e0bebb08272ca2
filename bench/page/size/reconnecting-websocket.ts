/** A socket that has not been told to connect. */
import ReconnectingWebSocket from "reconnecting-websocket";
import { reportReady } from "../cold/report";

void reportReady(async () => {
  new ReconnectingWebSocket("ws://localhost/", [], { startClosed: true }).close();
});
