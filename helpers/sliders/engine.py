"""The engine of all explorers: controls, a picture that answers at once, and the same in words and in code.

Your own explorer needs three things: a dict of controls, a function that computes, and a function that paints.

    def paint(figure):
        ax = figure.subplots()
        ax.set(xlim=(0, 6.3), ylim=(-1, 1))
        (line,) = ax.plot([], [], animated=True)       # animated: this is what moves
        def update(values):
            line.set_data(values["x"], values["y"])
            return f"{values['waves']:g} waves"        # the picture in a sentence
        return update

    def compute(waves):
        x = np.linspace(0, 6.3, 200)
        return {"waves": waves, "x": x, "y": np.sin(waves * x)}

    Explorer("Waves", {"waves": slider(1, 0, 5, "waves")}, compute, paint)
"""

import html
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np
from traitlets import TraitError

from helpers.sliders.given import describe
from helpers.sliders.picture import Paint, Picture, Values, page_width

SIZE = (9.0, 3.6)  # inches; 100 pixels of the page each


class Explorer(widgets.VBox):
    """A picture with controls.

    `compute(**settings)` returns the numbers behind the picture as a dict, `paint(figure)` draws and returns
    `update(values) -> sentence` (see `picture.Picture`). `code` is a template: `{eta}` becomes the setting of that
    name, and what it computes has the names of `values`. Nothing that a reader does with an explorer raises: what
    does not fit is put in words, in `message`, and the last good picture stays.

    `controls`: name -> widget · `values`: the numbers · `summary`: the picture in a sentence, also shown under it ·
    `code`: Python that reproduces the setting · `image`: the picture, an `ipywidgets.Image`.
    """

    def __init__(
        self,
        title: str,
        controls: Mapping[str, widgets.Widget],
        compute: Callable[..., Values],
        paint: Paint,
        *,
        goal: str = "",
        code: str = "",
        size: tuple[float, float] = SIZE,
    ) -> None:
        self.title, self.controls, self.values, self.summary, self.message = title, dict(controls), {}, "", ""
        self._compute, self._paint, self._picture, self._template = compute, paint, None, code
        self._size, self._quiet = size, False
        layout = widgets.Layout(width=f"{page_width(size)}px", max_width="100%", height="auto", object_fit="contain")
        self.image = widgets.Image(format="png", layout=layout)
        self._lines = {name: _line() for name in ("heading", "summary", "message", "code")}
        self._button = widgets.Button(description="Copy as Python", tooltip="Show the code that computes this setting")
        self._button.on_click(lambda _: self._toggle_code())
        for control in self.controls.values():
            control.observe(self._heard, names="value")
            if control.has_trait("note"):
                control.observe(lambda _: self._say(self._notes()), names="note")
        knobs = widgets.Box(list(self.controls.values()), layout=widgets.Layout(flex_flow="row wrap"))
        under = [self._button, self._lines["code"]] if code else []
        lines = self._lines
        super().__init__([lines["heading"], knobs, self.image, lines["summary"], lines["message"], *under])
        self.add_class("descent-explorer")
        lines["summary"].add_class("descent-summary")
        bold = f"<b>{html.escape(title)}</b>"
        _write(self._lines["heading"], f"{bold}<br>Goal: {html.escape(goal)}" if goal else bold)
        self._refresh()

    def set(self, **settings: Any) -> None:
        """Set controls by name, as `set(eta=0.1)`, and redraw once."""
        unknown = [name for name in settings if name not in self.controls]
        names = " and ".join(self.controls) or "none"
        problems = [f"There is no control {name!r}, only {names}." for name in unknown]
        self._quiet = True
        for name in settings.keys() - set(unknown):
            try:
                self.controls[name].value = settings[name]
            except TraitError:  # a control of ipywidgets' own
                problems.append(f"{name}: {describe(settings[name])} is not a value that it takes.")
        self._quiet = False
        self._refresh(problems)

    @property
    def settings(self) -> dict[str, Any]:
        """The values of the controls, as they are displayed."""
        return {name: getattr(control, "setting", control.value) for name, control in self.controls.items()}

    @property
    def code(self) -> str:
        """Python code that computes the present setting, under the names of `values`."""
        return self._template.format(**{name: repr(value) for name, value in self.settings.items()})

    def _heard(self, _change: Any) -> None:
        if not self._quiet:
            self._refresh()

    def _refresh(self, problems: Sequence[str] = ()) -> None:
        """Compute, draw and show; what goes wrong becomes a sentence."""
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
                values = self._compute(**self.settings)
                if self._picture is None:
                    self._picture = Picture(self._paint, self._size)
                png, summary = self._picture.draw(values)
        except Exception as error:  # a reader sees a sentence and the last good picture, never a traceback
            kind = "" if isinstance(error, ValueError) else f"{type(error).__name__}, "
            self._say([*self._notes(), *problems, f"No picture for this: {kind}{str(error).rstrip('.')}."])
            return
        self._say([*self._notes(), *problems])
        self.values, self.summary = values, summary
        self.image.value = png
        _write(self._lines["summary"], html.escape(summary), role="status")
        if self._lines["code"].value:
            self._show_code()

    def _notes(self) -> list[str]:
        return [note for control in self.controls.values() if (note := getattr(control, "note", ""))]

    def _say(self, sentences: list[str]) -> None:
        self.message = " ".join(sentences)
        _write(self._lines["message"], html.escape(self.message), role="alert")

    def _toggle_code(self) -> None:
        if self._lines["code"].value:
            self._lines["code"].value = ""
        else:
            self._show_code()

    def _show_code(self) -> None:
        style = "user-select: all; line-height: 1.4; padding: 6px"
        text = f"One click selects it all.<pre style='{style}'>{html.escape(self.code)}</pre>"
        _write(self._lines["code"], text)

    def __repr__(self) -> str:
        return f"{self.title}: {self.summary or self.message}"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Return the view, and the picture in words for wherever widgets do not show."""
        return {**super()._repr_mimebundle_(**kwargs), "text/plain": repr(self)}


def refused(title: str, error: Exception) -> Explorer:
    """Return an explorer without controls that says what was wrong with what it was given."""

    def compute() -> Values:
        raise error

    return Explorer(title, {}, compute, lambda figure: str)


def _line() -> widgets.HTML:
    return widgets.HTML(layout=widgets.Layout(margin="0 2px", display="none"))


def _write(line: widgets.HTML, text: str, role: str = "note") -> None:
    """Show the text, or hide the line if there is none."""
    text = f"<div role='{role}' style='line-height: 1.5'>{text}</div>" if text else ""
    if line.value != text:
        line.value = text
        line.layout.display = None if text else "none"
