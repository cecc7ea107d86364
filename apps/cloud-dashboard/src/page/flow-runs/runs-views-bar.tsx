import { Link } from "@tanstack/react-router";
import { Plus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import type { RunsSearch } from "./runs-search.ts";
import { BUILT_IN_VIEWS, forgetView, isSameSearch, keepView, type RunsView, useViews } from "./runs-views.ts";

/** Searches with names: everybody's, and those that the person keeps. */
export function RunsViewsBar({ search }: { readonly search: RunsSearch }) {
  const own = useViews();
  const isKnown = [...BUILT_IN_VIEWS, ...own].some((view) => isSameSearch(view.search, search));
  return (
    <nav aria-label="Views" className="mb-4 flex flex-wrap items-center gap-x-1 border-b border-line">
      {BUILT_IN_VIEWS.map((view) => (
        <Tab key={view.name} view={view} search={search} />
      ))}
      {own.map((view) => (
        <span key={view.name} className="flex items-center">
          <Tab view={view} search={search} />
          <button
            type="button"
            aria-label={`Forget the view ${view.name}`}
            onClick={() => forgetView(view.name)}
            className="p-0.5 text-muted hover:text-ink"
          >
            <X size={13} aria-hidden />
          </button>
        </span>
      ))}
      {!isKnown && <Keep search={search} />}
    </nav>
  );
}

function Tab({ view, search }: { readonly view: RunsView; readonly search: RunsSearch }) {
  const here = isSameSearch(view.search, search);
  return (
    <Link
      to="/runs"
      search={view.search}
      aria-current={here ? "true" : undefined}
      className={classNames(
        "-mb-px border-b-2 px-2 py-1.5 whitespace-nowrap text-ink hover:no-underline",
        here ? "border-accent font-semibold" : "border-transparent text-muted hover:border-line",
      )}
    >
      {view.name}
    </Link>
  );
}

/** Gives the present search a name. */
function Keep({ search }: { readonly search: RunsSearch }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const keep = (event: FormEvent) => {
    event.preventDefault();
    keepView({ name: name.trim(), search });
    setOpen(false);
    setName("");
  };
  return (
    <>
      <Button kind="quiet" className="text-muted" onClick={() => setOpen(true)}>
        <Plus size={14} aria-hidden /> Keep this view
      </Button>
      <Dialog title="Keep this view" open={open} close={() => setOpen(false)}>
        <form onSubmit={keep}>
          <TextField
            label="Its name"
            hint="Kept in this browser. Its address can be sent to anybody."
            value={name}
            maxLength={60}
            required
            pattern=".*\S.*"
            onChange={(event) => setName(event.target.value)}
          />
          <Button kind="main" type="submit">
            Keep it
          </Button>
        </form>
      </Dialog>
    </>
  );
}
