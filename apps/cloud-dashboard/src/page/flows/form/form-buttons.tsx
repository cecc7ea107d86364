import type { IconButtonProps, TemplatesType } from "@rjsf/utils";
import { Button } from "../../ui/button.tsx";

const buttonOf = (text: string) =>
  function FormButton({ onClick, disabled, id }: IconButtonProps) {
    return (
      <Button id={id} disabled={disabled} onClick={onClick}>
        {text}
      </Button>
    );
  };

/** The form library's buttons, as words. */
export const ICON_BUTTONS: TemplatesType["ButtonTemplates"] = {
  AddButton: buttonOf("Add"),
  ClearButton: buttonOf("Clear"),
  CopyButton: buttonOf("Copy"),
  MoveDownButton: buttonOf("Move down"),
  MoveUpButton: buttonOf("Move up"),
  RemoveButton: buttonOf("Remove"),
  // The page has a button of its own, outside of the form.
  SubmitButton: () => null,
};
