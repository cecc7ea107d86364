import { Component, type ReactNode } from "react";

interface RestAsTextProps {
  readonly children: ReactNode;
  /** Shown in the place of what could not be drawn. */
  readonly rest: ReactNode;
}

/** What a flow has made may be such that drawing it fails: then it is shown plainly, and the page stays. */
export class RestAsText extends Component<RestAsTextProps, { readonly failed: boolean }> {
  override readonly state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.rest : this.props.children;
  }
}
