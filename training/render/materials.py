"""Shader nodes for a `Paint`. Blender ships no type stubs, so its objects are `Any` here and in `blender`."""

from typing import Any

from training.render.paint import CAR_GLASS, Paint


class Nodes:
    """The node tree of one material under construction."""

    def __init__(self, material: Any) -> None:
        material.use_nodes = True
        self.tree: Any = material.node_tree
        self.surface: Any = self.tree.nodes["Principled BSDF"]

    def add(self, kind: str, settings: dict[str, Any] | None = None, **inputs: Any) -> Any:
        """Add a node; `inputs` are default values by socket name, `_n` for the n-th socket."""
        node = self.tree.nodes.new("ShaderNode" + kind)
        for name, value in (settings or {}).items():
            setattr(node, name, value)
        for name, value in inputs.items():
            node.inputs[int(name[1:]) if name[0] == "_" else name.replace("_", " ")].default_value = value
        return node

    def link(self, source: Any, target: Any) -> None:
        """Connect two sockets."""
        self.tree.links.new(source, target)

    def place(self) -> Any:
        """Coordinates of the surface in its object's frame."""
        return self.add("TexCoord").outputs["Object"]

    def noise(self, at: Any, scale: float, detail: float, rough: float = 0.5) -> Any:
        """Fractal noise, 0..1."""
        node = self.add("TexNoise", Scale=scale, Detail=detail, Roughness=rough)
        self.link(at, node.inputs["Vector"])
        return node.outputs[0]

    def ramp(self, value: Any, low: float, high: float, to_low: float, to_high: float) -> Any:
        """Map low..high to to_low..to_high, clamped."""
        node = self.add("MapRange", _1=low, _2=high, _3=to_low, _4=to_high)
        self.link(value, node.inputs[0])
        return node.outputs[0]

    def math(self, operation: str, a: Any, b: Any) -> Any:
        """Combine two values."""
        node = self.add("Math", {"operation": operation})
        self.link(a, node.inputs[0])
        self.link(b, node.inputs[1])
        return node.outputs[0]

    def scaled(self, colour: Any, factor: Any) -> Any:
        """A colour times a value; `colour` is a socket or an RGB triple."""
        node = self.add("VectorMath", {"operation": "SCALE"})
        if isinstance(colour, tuple):
            node.inputs[0].default_value = colour
        else:
            self.link(colour, node.inputs[0])
        self.link(factor, node.inputs["Scale"])
        return node.outputs[0]

    def bump(self, height: Any, strength: float, *, invert: bool = False) -> None:
        """Roughen the surface's normal."""
        node = self.add("Bump", {"invert": invert}, Strength=strength, Distance=0.01)
        self.link(height, node.inputs["Height"])
        self.link(node.outputs[0], self.surface.inputs["Normal"])


def material(bpy: Any, paint: Paint, name: str) -> Any:
    """Build the Blender material of a paint."""
    made = bpy.data.materials.new(name)
    nodes = Nodes(made)
    if paint.glass:
        _glass(nodes, paint)
        return made
    for socket, value in (
        ("Base Color", (*paint.colour, 1)),
        ("Roughness", paint.rough),
        ("Metallic", paint.metal),
        ("Coat Weight", paint.coat),
        ("Coat Roughness", 0.04),
        ("Specular IOR Level", paint.specular),
    ):
        nodes.surface.inputs[socket].default_value = value
    if paint.glow:
        nodes.surface.inputs["Emission Color"].default_value = (*paint.colour, 1)
        nodes.surface.inputs["Emission Strength"].default_value = paint.glow
        made.cycles.emission_sampling = "NONE"  # seen, not sought: by day these lamps light nothing
    colour = _laid(nodes, paint) if paint.tiling else None
    if paint.asphalt:
        colour = _asphalt(nodes, paint)
    if paint.coat:
        colour = _dark_inside(nodes, paint)
    if paint.stains:
        colour = nodes.scaled(
            colour or paint.colour,
            nodes.ramp(nodes.noise(nodes.place(), 0.8, 8, 0.65), 0.35, 0.7, 1.0, 1 - paint.stains),
        )
    if colour is not None:
        nodes.link(colour, nodes.surface.inputs["Base Color"])
    if paint.bumps:
        nodes.bump(nodes.noise(nodes.place(), paint.bumps[0], 6), paint.bumps[1])
    if paint.wear:
        worn = nodes.ramp(nodes.noise(nodes.place(), 6, 9, 0.75), 0.36, 0.50, 1 - paint.wear, 1.0)
        nodes.link(worn, nodes.surface.inputs["Alpha"])
    return made


def _glass(nodes: Nodes, paint: Paint) -> None:
    """A thin pane: part of the light passes straight on, the rest is mirrored; without refraction few samples do."""
    output = nodes.tree.nodes["Material Output"]
    mix, fresnel = nodes.add("MixShader"), nodes.add("Fresnel", _0=1.6)
    through = nodes.add("BsdfTransparent", _0=(*paint.colour, 1))
    mirror = nodes.add("BsdfGlossy", Roughness=0.03 if paint == CAR_GLASS else 0.05)
    for k, node in enumerate((fresnel, through, mirror)):
        nodes.link(node.outputs[0], mix.inputs[k])
    nodes.link(mix.outputs[0], output.inputs[0])


def _dark_inside(nodes: Nodes, paint: Paint) -> Any:
    """A car's shell is lacquered outside and dark inside."""
    geometry = nodes.add("NewGeometry")
    mix = nodes.add("Mix", {"data_type": "RGBA"}, _6=(*paint.colour, 1), _7=(0.03, 0.03, 0.03, 1))
    nodes.link(geometry.outputs["Backfacing"], mix.inputs[0])
    return mix.outputs[2]


def _laid(nodes: Nodes, paint: Paint) -> Any:
    tiling = paint.tiling
    if tiling is None:
        raise ValueError("a paint without tiling has no stones to lay")
    at = nodes.place()
    if tiling.wall:
        apart, together = nodes.add("SeparateXYZ"), nodes.add("CombineXYZ")
        nodes.link(at, apart.inputs[0])
        nodes.link(apart.outputs["X"], together.inputs["X"])
        nodes.link(apart.outputs["Z"], together.inputs["Y"])
        at = together.outputs[0]
    bricks = nodes.add(
        "TexBrick",
        {"offset": 0.5},
        Scale=1.0,
        Color1=(*paint.colour, 1),
        Color2=(*tiling.other, 1),
        Mortar=(*tiling.joint, 1),
        Mortar_Size=0.008,
        Brick_Width=tiling.width,
        Row_Height=tiling.height,
        Bias=-0.2,
    )
    nodes.link(at, bricks.inputs["Vector"])
    nodes.bump(bricks.outputs["Fac"], 0.2, invert=True)
    return bricks.outputs["Color"]


def _asphalt(nodes: Nodes, paint: Paint) -> Any:
    """Patches, grain, streaks along the lane, and cracks where a second noise allows them."""
    at = nodes.place()
    streaks = nodes.add("Mapping", Scale=(0.25, 1.6, 1))
    nodes.link(at, streaks.inputs[0])
    grain = nodes.noise(at, 60, 4)
    tone = nodes.math(
        "MULTIPLY",
        nodes.ramp(nodes.noise(at, 0.35, 8, 0.6), 0.35, 0.68, 0.75, 1.25),
        nodes.ramp(grain, 0.3, 0.7, 0.8, 1.2),
    )
    tone = nodes.math("MULTIPLY", tone, nodes.ramp(nodes.noise(streaks.outputs[0], 2.2, 6, 0.7), 0.3, 0.7, 0.8, 1.15))
    wobble, shift = (
        nodes.add("TexNoise", Scale=1.2, Detail=5),
        nodes.add("VectorMath", {"operation": "MULTIPLY_ADD"}, _1=(0.9, 0.9, 0.9)),
    )
    nodes.link(at, wobble.inputs["Vector"])
    nodes.link(wobble.outputs["Color"], shift.inputs[0])
    nodes.link(at, shift.inputs[2])
    cells = nodes.add("TexVoronoi", {"feature": "DISTANCE_TO_EDGE"}, Scale=0.38)
    nodes.link(shift.outputs[0], cells.inputs["Vector"])
    cracks = nodes.ramp(cells.outputs["Distance"], 0.0, 0.009, 0.45, 1.0)
    whole = nodes.ramp(nodes.noise(at, 0.22, 3), 0.50, 0.58, 1.0, 0.0)
    nodes.bump(grain, 0.25)
    return nodes.scaled(paint.colour, nodes.math("MULTIPLY", tone, nodes.math("MAXIMUM", cracks, whole)))
