import { Component, type ReactNode } from "react";
import { Button } from "../../ui/button.tsx";

interface FormBoundaryProps {
  readonly children: ReactNode;
  readonly instead: () => void;
}

/** A schema that the form library cannot show breaks the form, not the page. */
export class FormBoundary extends Component<FormBoundaryProps, { readonly isBroken: boolean }> {
  override readonly state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render(): ReactNode {
    if (!this.state.isBroken) return this.props.children;
    return (
      <div role="alert">
        <p className="mb-2 text-warn">No form can be made of this schema.</p>
        <Button onClick={this.props.instead}>Give the parameters as JSON</Button>
      </div>
    );
  }
}
