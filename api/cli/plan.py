"""`jiexun plan`: how many cores, machines, cards, links and disks a city needs."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError
from rich.table import Table

from api.bench.planning import MOST_CAMERAS, Assumed, Costs, Plan, fleet_of, plan_for
from api.cli.bench_progress import progress
from api.cli.speech import screen
from api.errors import BenchError

COSTS = TypeAdapter(Costs)
DEFAULTS = Assumed()


def plan(
    city: Annotated[Path, typer.Argument(metavar="CITY", help="The city file.")],
    *,
    cameras: Annotated[
        int | None, typer.Option(min=1, max=MOST_CAMERAS, help="As if the city had so many, in the same mix.")
    ] = None,
    costs: Annotated[Path | None, typer.Option(help="Costs from an earlier `--json`, instead of measuring.")] = None,
    clip: Annotated[Path | None, typer.Option(help="Video to measure; without it a drawn street, 1080p.")] = None,
    seconds: Annotated[int, typer.Option(min=1, max=3600, help="How long to measure.")] = 15,
    inspected: Annotated[
        float | None, typer.Option(min=0, max=1, help="Share of key pictures behind the gate; without it the clip's.")
    ] = None,
    gpu_ms: Annotated[
        float | None, typer.Option(min=0.01, help="Milliseconds of your GPU for one inspected picture, if measured.")
    ] = None,
    key_interval: Annotated[float, typer.Option(min=0.1, help="Seconds between key pictures.")] = DEFAULTS.key_interval,
    mbit: Annotated[float, typer.Option(min=0.01, help="Of one stream, Mbit/s.")] = DEFAULTS.mbit,
    findings: Annotated[float, typer.Option(min=0, help="Of one camera in a day.")] = DEFAULTS.findings,
    keep_days: Annotated[int, typer.Option(min=1, help="How long everything is kept.")] = DEFAULTS.keep_days,
    cores: Annotated[int, typer.Option(min=1, help="Of one machine.")] = DEFAULTS.cores,
    load: Annotated[float, typer.Option(min=0.05, max=1, help="Share of a core to plan with.")] = DEFAULTS.load,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Say what a city needs, from costs that are measured here in a short run, or given."""
    from api.city.city import load_city

    fleet = fleet_of(load_city(city))
    fleet = fleet.scaled(cameras) if cameras else fleet
    known = _given(costs) if costs else _measured(clip, seconds)
    known = replace(known, inspected_share=known.inspected_share if inspected is None else inspected)
    known = replace(known, gpu_inspect_ms=gpu_ms or known.gpu_inspect_ms)
    assumed = replace(
        DEFAULTS,
        key_interval=key_interval,
        mbit=mbit,
        findings=findings,
        keep_days=keep_days,
        cores=cores,
        load=load,
    )
    needed = plan_for(fleet, known, assumed)
    if as_json:
        told = {"cameras": asdict(fleet), "costs": asdict(known), "assumed": asdict(assumed), "plan": asdict(needed)}
        typer.echo(json.dumps(told, allow_nan=False))
        return
    screen().print(_table(fleet.cameras, needed, known, assumed))


def _given(path: Path) -> Costs:
    try:
        said = json.loads(path.read_bytes())
        return COSTS.validate_python(said["costs"] if isinstance(said, dict) and "costs" in said else said)
    except (ValueError, ValidationError) as error:
        why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise BenchError(f"{path} holds no costs ({why}); make it with `jiexun plan CITY --json`") from None


def _measured(clip: Path | None, seconds: int) -> Costs:
    from api.bench.costing import measured_costs
    from api.bench.street_clip import write_street_clip
    from inference.detector import SHIPPED_MODELS, OnnxDetector, current_model

    with TemporaryDirectory(prefix="jiexun-plan-") as folder, progress() as step:
        here = Path(folder)
        chosen = clip or write_street_clip(here / "drawn-street.mp4", step("drawing a street, 1080p"))
        detector = OnnxDetector(current_model(SHIPPED_MODELS))
        return measured_costs(chosen, detector, seconds=seconds, folder=here, told=step(f"measuring {chosen.name}"))


def _table(cameras: int, needed: Plan, costs: Costs, assumed: Assumed) -> Table:
    table = Table("what", "needed", "from", title=f"{cameras} cameras", title_justify="left")
    table.add_row(
        "cores",
        f"{needed.cores}",
        f"{needed.cameras_per_core:.0f} cameras a core, planned at {assumed.load:.0%}; "
        f"{costs.inspected_share:.0%} of the key pictures inspected",
    )
    table.add_row("machines", f"{needed.machines}", f"{assumed.cores} cores each")
    if needed.gpus is not None:
        table.add_row("or GPUs", f"{needed.gpus}", f"{costs.gpu_inspect_ms} ms a picture")
        table.add_row("  with cores", f"{needed.cores_beside_gpus}", "reading and gating only")
    table.add_row("memory", f"{needed.memory_gb:.1f} GB", f"{costs.camera_mb:.1f} MB a camera")
    table.add_row("links, cameras to workers", f"{needed.streams_mbit:.0f} Mbit/s", f"{assumed.mbit} Mbit/s each")
    table.add_row(
        "link, edge to centre",
        f"{needed.centre_mbit:.2f} Mbit/s",
        f"{assumed.findings} findings a camera and day, {assumed.finding_mb} MB each",
    )
    table.add_row("disk, evidence", f"{needed.evidence_gb:.0f} GB", f"{assumed.keep_days} days")
    table.add_row("disk, database", f"{needed.database_gb:.1f} GB", f"{assumed.case_kb} kB a finding")
    table.add_row("looks written down", f"{needed.looks_per_second:.0f} a second", f"{costs.write_ms:.1f} ms each")
    table.add_row("databases", f"{needed.databases}", "each at half of what was measured")
    return table
