import { Button } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { Blank } from "./blank.tsx";

interface CrashBoundaryProps {
  children: ReactNode;
}

/** What is left when a part of the page could not be loaded or drawn, as after an update of the gateway. */
export class CrashBoundary extends Component<CrashBoundaryProps, { hasCrashed: boolean }> {
  override state = { hasCrashed: false };

  static getDerivedStateFromError() {
    return { hasCrashed: true };
  }

  override render() {
    if (!this.state.hasCrashed) return this.props.children;
    return (
      <main>
        <Blank
          icon="alert"
          isError
          isWholePage
          title="This page stopped working"
          text="The gateway may have been updated since it was opened. Your sessions are not affected."
          actions={<Button onClick={() => location.reload()}>Load it again</Button>}
        />
      </main>
    );
  }
}
