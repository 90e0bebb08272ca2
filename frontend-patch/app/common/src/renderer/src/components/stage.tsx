/** All that is seen: the character before its background, and the conversation beside it. */
import Background from "./canvas/background";
import { Live2D } from "./canvas/live2d";
import Subtitle from "./canvas/subtitle";
import { Corner } from "./corner";
import Footer from "./footer/footer";
import Sidebar from "./sidebar/sidebar";

export const Stage = () => (
  <>
    <Background />
    <main className="stage">
      <section className="scene">
        <Live2D />
        <div className="subtitle" data-testid="subtitle" aria-live="polite">
          <Subtitle />
        </div>
        <Corner />
        <Footer />
      </section>
      <Sidebar />
    </main>
  </>
);
