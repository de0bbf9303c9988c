"""What surfaces look like, as plain values; `materials` turns them into Blender's shader nodes."""

from dataclasses import dataclass

Colour = tuple[float, float, float]  # linear RGB, 0..1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiling:
    """A pattern of laid stones, tiles or bricks.

    Attributes:
        other: colour of every second stone.
        joint: colour of the joints.
        width: metres of one stone along x.
        height: metres of one row along y (along z on a wall).
        wall: the pattern stands upright, seen along y.
    """

    other: Colour
    joint: Colour
    width: float
    height: float
    wall: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    """One material.

    Attributes:
        colour: base colour, linear RGB.
        rough: 0 mirror .. 1 chalk.
        metal: 0 or 1.
        coat: clear coat, 0..1.
        specular: strength of the plain reflection.
        glow: emission strength; 0 does not shine.
        stains: 0..1, large dark patches.
        bumps: (scale per metre, strength) of a rough surface, as of a wrinkled bag.
        wear: 0..1, share of the paint that is worn through.
        tiling: laid stones.
        glass: transparent; `colour` is what passes.
        asphalt: streaks, grain and cracks.
    """

    colour: Colour = (0.5, 0.5, 0.5)
    rough: float = 0.5
    metal: float = 0.0
    coat: float = 0.0
    specular: float = 0.5
    glow: float = 0.0
    stains: float = 0.0
    bumps: tuple[float, float] | None = None
    wear: float = 0.0
    tiling: Tiling | None = None
    glass: bool = False
    asphalt: bool = False


TRIM = Paint(colour=(0.012, 0.012, 0.013), rough=0.55)
STEEL = Paint(colour=(0.25, 0.26, 0.27), rough=0.4, metal=0.8)
CARDBOARD = Paint(colour=(0.36, 0.24, 0.13), rough=0.85)
CONCRETE = Paint(colour=(0.36, 0.35, 0.33), rough=0.85, stains=0.5)
WHITE_LINE = Paint(colour=(0.62, 0.62, 0.60), rough=0.6, wear=0.75)
YELLOW_LINE = Paint(colour=(0.60, 0.40, 0.04), rough=0.6, wear=0.6)
SHOP_GLASS = Paint(colour=(0.6, 0.61, 0.6), glass=True)
CAR_GLASS = Paint(colour=(0.3, 0.306, 0.3), glass=True)

CAR_COLOURS: dict[str, Colour] = {
    "white": (0.78, 0.78, 0.77),
    "silver": (0.42, 0.44, 0.46),
    "black": (0.010, 0.010, 0.012),
    "red": (0.30, 0.018, 0.016),
    "blue": (0.025, 0.06, 0.17),
    "grey": (0.11, 0.115, 0.12),
    "green": (0.03, 0.17, 0.09),
    "beige": (0.5, 0.43, 0.32),
}


def lacquer(name: str) -> Paint:
    """Car paint by its name in `CAR_COLOURS`."""
    colour = CAR_COLOURS[name]
    return Paint(colour=colour, rough=0.33, metal=0.25 if sum(colour) < 1.8 else 0.0, coat=1.0)


def cloth(colour: Colour) -> Paint:
    """Clothes, skin, fabric: no gloss."""
    return Paint(colour=colour, rough=0.78, specular=0.3)
