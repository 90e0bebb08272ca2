/** A Subscription, and one thing owned. */
import { Subscription } from "rxjs";
import { reportReady } from "../cold/report";

void reportReady(async () => {
  const subscription = new Subscription();
  subscription.add(() => {});
  subscription.unsubscribe();
});
