"""The edge to Blender: meshes up, pictures down. It has no type stubs, so its objects are `Any` here."""

import importlib
import math
import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from training.render.camera import Camera, Rect
from training.render.errors import RenderError
from training.render.geometry import Label, Matrix, Model, Part, Points, apply, place
from training.render.materials import material
from training.render.paint import Paint

Picture = NDArray[np.uint8]  # (height, width, 3) BGR
_CREASE = math.radians(35)
_FAINT, _DUSK_SHADOWS = 4.0, 40.0  # degrees
_OUT_OF_SIGHT = place((0, 0, -200))


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """Clear sky.

    Attributes:
        elevation: degrees of the sun above the horizon.
        azimuth: degrees; the sun stands towards (sin, cos) of it in x, y.
        strength: of the sky.
        exposure: stops.
    """

    elevation: float = 50.0
    azimuth: float = 222.0
    strength: float = 0.13
    exposure: float = 0.0

    def towards(self) -> NDArray[np.float64]:
        """Unit vector towards the sun."""
        e, a = math.radians(self.elevation), math.radians(self.azimuth)
        return np.array([math.sin(a) * math.cos(e), math.cos(a) * math.cos(e), math.sin(e)])

    def shadows_from(self) -> NDArray[np.float64]:
        """Unit vector towards what casts shadows that can be seen: a sun near the horizon casts none."""
        return replace(self, elevation=_DUSK_SHADOWS).towards() if self.elevation < _FAINT else self.towards()


def _module() -> Any:
    try:
        return importlib.import_module("bpy")
    except ImportError as missing:
        raise RenderError(
            "Blender is missing: make render-setup installs it (Python 3.11), then use .venv-render/bin/jiexun-train."
        ) from missing


@contextmanager
def _silence() -> Generator[None]:
    """Blender reports every render on the process's own standard output, over any progress bar."""
    kept = os.dup(1)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


class Stage:
    """One Blender scene: things are put on it, moved, and photographed."""

    def __init__(self, camera: Camera, light: Light, samples: int) -> None:
        self._bpy = _module()
        self._bpy.ops.wm.read_factory_settings(use_empty=True)
        self._paints: dict[Paint, Any] = {}
        self._things: dict[str, Any] = {}
        self._font: Any = None
        scene = self._bpy.context.scene
        _settings(scene, camera, light, samples)
        scene.camera = self._film = self._bpy.data.objects.new("camera", self._bpy.data.cameras.new("camera"))
        scene.collection.objects.link(self._film)
        self.aim(camera)
        scene.world = self._sky(light)

    def aim(self, camera: Camera) -> None:
        """Look from somewhere else; the picture keeps its size."""
        self._camera = camera
        self._film.data.angle, self._film.data.clip_end = math.radians(camera.fov), 400
        matrix = np.eye(4)
        matrix[:3, :3], matrix[:3, 3] = camera.axes().T, camera.at
        self._film.matrix_world = matrix.T.tolist()  # Blender reads nested lists column by column

    def _sky(self, light: Light) -> Any:
        world = self._bpy.data.worlds.new("sky")
        world.use_nodes = True
        background = world.node_tree.nodes["Background"]
        sky = world.node_tree.nodes.new("ShaderNodeTexSky")
        sky.sky_type, sky.sun_disc = "NISHITA", True
        sky.sun_elevation, sky.sun_rotation = math.radians(light.elevation), math.radians(light.azimuth)
        sky.air_density, sky.dust_density, sky.ozone_density = 1.6, 3.0, 1.2
        sky.sun_intensity, sky.sun_size = 0.7, math.radians(1.4)
        world.node_tree.links.new(sky.outputs[0], background.inputs[0])
        background.inputs[1].default_value = light.strength
        return world

    def shine(
        self, name: str, at: tuple[float, float, float], watts: float, colour: tuple[float, float, float]
    ) -> None:
        """Hang up a round lamp of half a metre that shines down."""
        data = self._bpy.data.lights.new(name, "AREA")
        data.energy, data.color, data.size, data.shape = watts, colour, 0.5, "DISK"
        made = self._bpy.data.objects.new(name, data)
        made.location = at
        self._bpy.context.scene.collection.objects.link(made)

    def add(self, name: str, model: Model) -> None:
        """Upload a model as one object, out of sight until it is moved.

        Args:
            name: how to call it later.
            model: its parts and writing become one mesh.
        """
        parts = [*model.parts, *(self._letters(text) for text in model.labels)]
        mesh = self._bpy.data.meshes.new(name)
        slots = {paint: k for k, paint in enumerate(dict.fromkeys(p for part in parts for p in part.paints))}
        for paint in slots:
            mesh.materials.append(self._material(paint))
        _fill(mesh, parts, slots)
        made = self._bpy.data.objects.new(name, mesh)
        self._bpy.context.scene.collection.objects.link(made)
        self._things[name] = made
        self.move(name, None)

    def move(self, name: str, matrix: Matrix | None) -> None:
        """Put a thing somewhere, or out of sight: sinking it is far cheaper for Cycles than hiding it."""
        placed = _OUT_OF_SIGHT if matrix is None else matrix
        self._things[name].matrix_world = placed.T.tolist()

    def settle(self) -> None:
        """Take over all moves; call once after moving."""
        self._bpy.context.view_layer.update()

    def picture(self, scratch: Path, rect: Rect | None = None) -> Picture:
        """Render the whole picture, or only `rect` of it; `scratch` is a PNG file that may be overwritten."""
        scene, camera = self._bpy.context.scene, self._camera
        render = scene.render
        render.filepath = str(scratch)
        render.use_border = render.use_crop_to_border = rect is not None
        if rect is not None:
            x0, y0, x1, y1 = rect
            render.border_min_x, render.border_max_x = (x0 + 0.01) / camera.width, (x1 + 0.01) / camera.width
            render.border_min_y, render.border_max_y = 1 - (y1 - 0.01) / camera.height, 1 - (y0 - 0.01) / camera.height
        with _silence():
            self._bpy.ops.render.render(write_still=True)
        image = cv2.imread(str(scratch))
        if image is None:
            raise RenderError(f"Blender wrote no picture to {scratch}: look for its own message above.")
        return np.asarray(image, dtype=np.uint8)

    def visible(self, name: str, points: Points, limit: int = 80) -> float:
        """Share of sampled points (street frame) that the camera sees: in the picture, hidden by nothing else."""
        scene = self._bpy.context.scene
        graph = self._bpy.context.evaluated_depsgraph_get()
        chosen = np.random.default_rng(0).permutation(len(points))[:limit]
        pixels, ahead = self._camera.project(points[chosen])
        inside = ahead & (pixels >= 0).all(1) & (pixels < (self._camera.width, self._camera.height)).all(1)
        seen = sum(self._first_hit(scene, graph, point) in (name, None) for point in points[chosen][inside])
        return round(seen / max(len(chosen), 1), 2)

    def _first_hit(self, scene: Any, graph: Any, point: NDArray[np.float64]) -> str | None:
        ray = point - self._camera.at
        reach = float(np.linalg.norm(ray))
        hit, _, _, _, thing, _ = scene.ray_cast(graph, self._camera.at, (ray / reach).tolist(), distance=reach + 0.03)
        return str(thing.name) if hit else None

    def _material(self, paint: Paint) -> Any:
        if paint not in self._paints:
            self._paints[paint] = material(self._bpy, paint, f"paint{len(self._paints)}")
        return self._paints[paint]

    def _letters(self, text: Label) -> Part:
        bpy = self._bpy
        if self._font is None:
            folder = Path(bpy.utils.system_resource("DATAFILES", path="fonts"))
            self._font = bpy.data.fonts.load(str(folder / "Noto Sans CJK Regular.woff2"))
        curve = bpy.data.curves.new("letters", "FONT")
        curve.body, curve.size, curve.font, curve.extrude = text.text, text.size, self._font, text.depth
        curve.offset, curve.resolution_u = text.size * 0.004, 2
        curve.align_x = curve.align_y = "CENTER"
        thing = bpy.data.objects.new("letters", curve)
        mesh = bpy.data.meshes.new_from_object(thing)
        vertices = np.array([v.co[:] for v in mesh.vertices], dtype=np.float64).reshape(-1, 3)
        polygons = [tuple(p.vertices) for p in mesh.polygons]
        sizes = sorted({len(p) for p in polygons})
        faces = tuple(np.array([p for p in polygons if len(p) == k], dtype=np.int32) for k in sizes)
        bpy.data.objects.remove(thing)
        bpy.data.meshes.remove(mesh)
        index = np.zeros(len(polygons), np.int32)
        return Part(vertices=apply(text.matrix, vertices), faces=faces, paints=(text.paint,), paint_of=index)


def _settings(scene: Any, camera: Camera, light: Light, samples: int) -> None:
    """Cycles on the processor, few samples and the denoiser; caustics and deep bounces cost more than they show."""
    render, cycles = scene.render, scene.cycles
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y, render.resolution_percentage = camera.width, camera.height, 100
    render.use_persistent_data = True
    render.image_settings.file_format = "PNG"
    cycles.device, cycles.samples, cycles.seed = "CPU", samples, 0
    cycles.use_adaptive_sampling, cycles.adaptive_threshold, cycles.adaptive_min_samples = True, 0.1, min(4, samples)
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_input_passes, cycles.denoising_prefilter = "RGB_ALBEDO_NORMAL", "FAST"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 3, 2, 2
    cycles.transmission_bounces, cycles.transparent_max_bounces = 2, 6
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 4
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.view_settings.exposure = light.exposure


def _polygons(
    parts: Sequence[Part], slots: dict[Paint, int]
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32], bool]]:
    """Face groups with vertex numbers of the joined mesh, their material slots, and whether they are smooth."""
    offset = 0
    for part in parts:
        slot = np.array([slots[p] for p in part.paints], np.int32)[part.paint_of]
        start = 0
        for group in part.faces:
            yield group + np.int32(offset), slot[start : start + len(group)], part.smooth
            start += len(group)
        offset += len(part.vertices)


def _fill(mesh: Any, parts: Sequence[Part], slots: dict[Paint, int]) -> None:
    """Write all parts into one mesh with bulk calls; one object instead of thousands is what keeps frames cheap."""
    groups = list(_polygons(parts, slots))
    vertices = np.concatenate([p.vertices for p in parts]).astype(np.float32)
    corners = np.concatenate([g.ravel() for g, _, _ in groups]).astype(np.int32)
    sizes = np.concatenate([np.full(len(g), g.shape[1], np.int32) for g, _, _ in groups])
    smooth = np.concatenate([np.full(len(g), s, bool) for g, _, s in groups])
    mesh.vertices.add(len(vertices))
    mesh.vertices.foreach_set("co", vertices.ravel())
    mesh.loops.add(len(corners))
    mesh.loops.foreach_set("vertex_index", corners)
    mesh.polygons.add(len(sizes))
    mesh.polygons.foreach_set("loop_start", np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32))
    mesh.polygons.foreach_set("material_index", np.concatenate([m for _, m, _ in groups]).astype(np.int32))
    mesh.polygons.foreach_set("use_smooth", smooth)
    mesh.update(calc_edges=True)
    mesh.validate()
    mesh.set_sharp_from_angle(angle=_CREASE)
