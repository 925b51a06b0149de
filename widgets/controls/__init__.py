"""Controls in the program's look, painted from the tokens: buttons, segments, pills, switches, cards, fields.

Everything takes the theme when it paints and shows its focus as a 2 px halo ring.
"""

from widgets.controls.buttons import Button, FixButton, IconButton
from widgets.controls.cards import Card, Pill
from widgets.controls.copying import CopyButton
from widgets.controls.fields import ChoiceBox, PathField
from widgets.controls.switches import Segmented, Switch

__all__ = ["Button", "Card", "ChoiceBox", "CopyButton", "FixButton", "IconButton", "PathField", "Pill", "Segmented", "Switch"]
