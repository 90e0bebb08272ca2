import { memo, type ReactNode } from "react";
import { useBgUrl } from "@/context/bgurl-context";

const Background = memo(({ children }: { children?: ReactNode }) => {
  const { backgroundUrl } = useBgUrl();
  return (
    <div className="background">
      {/* Without an alternative text, a picture that is not there leaves no mark. */}
      <img data-testid="background" key={backgroundUrl} src={backgroundUrl} alt="" />
      {children}
    </div>
  );
});

Background.displayName = "Background";

export default Background;
