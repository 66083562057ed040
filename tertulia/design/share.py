"""What a page says of itself where its address is passed on."""

from __future__ import annotations

from dataclasses import dataclass

from tertulia.design.cards import HEIGHT, WIDTH, Card


@dataclass(frozen=True)
class Share:
    """A public page's title and description, its kind (of the Open Graph protocol), its card and the card's path."""

    title: str
    description: str
    card: Card
    picture: str
    kind: str = "website"
    width: int = WIDTH
    height: int = HEIGHT
