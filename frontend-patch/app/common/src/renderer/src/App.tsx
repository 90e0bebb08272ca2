import { Stage } from "./components/stage";
import { Toaster } from "./components/ui/toaster";
import { AiStateProvider } from "./context/ai-state-context";
import { BgUrlProvider } from "./context/bgurl-context";
import { BrowserProvider } from "./context/browser-context";
import { CharacterConfigProvider } from "./context/character-config-context";
import { ChatHistoryProvider } from "./context/chat-history-context";
import { GroupProvider } from "./context/group-context";
import { Live2DConfigProvider } from "./context/live2d-config-context";
import { SubtitleProvider } from "./context/subtitle-context";
import { VADProvider } from "./context/vad-context";
import WebSocketHandler from "./services/websocket-handler";

function App() {
  return (
    <CharacterConfigProvider>
      <ChatHistoryProvider>
        <AiStateProvider>
          <Live2DConfigProvider>
            <SubtitleProvider>
              <VADProvider>
                <BgUrlProvider>
                  <GroupProvider>
                    <BrowserProvider>
                      <WebSocketHandler>
                        <Toaster />
                        <Stage />
                      </WebSocketHandler>
                    </BrowserProvider>
                  </GroupProvider>
                </BgUrlProvider>
              </VADProvider>
            </SubtitleProvider>
          </Live2DConfigProvider>
        </AiStateProvider>
      </ChatHistoryProvider>
    </CharacterConfigProvider>
  );
}

export default App;
