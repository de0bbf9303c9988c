"""Which numbers a training computes in: decided by what the processor can do, and said aloud.

A processor without bfloat16 units emulates them: measured on one with AVX2 only, a step then took 1.8 times as long and
three times the processor time of plain float32. So bfloat16 is chosen only where the hardware has it.
"""

# pyright: reportMissingImports=false, reportUnknownParameterType=false

from collections.abc import Mapping
from dataclasses import dataclass

import torch

_CPU_UNITS = ("amx_bf16", "avx512_bf16")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numerics:
    """What the convolutions compute in (the loss is always float32), and why."""

    bfloat16: bool
    reason: str

    def __str__(self) -> str:
        return f"{'bfloat16' if self.bfloat16 else 'float32'}: {self.reason}"


def choose_numerics(device: torch.device, capabilities: Mapping[str, object] | None = None) -> Numerics:
    """Choose for a device.

    Args:
        device: to train on.
        capabilities: of the processor; None: as torch reports them.
    """
    if device.type == "cpu":
        able = torch.cpu.get_capabilities() if capabilities is None else capabilities
        units = [unit for unit in _CPU_UNITS if able.get(unit)]
        reason = f"the processor has {units[0]}" if units else "the processor would only emulate bfloat16"
        return Numerics(bfloat16=bool(units), reason=reason)
    native = device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
    reason = "the accelerator has it" if native else "the accelerator has no bfloat16 of its own"
    return Numerics(bfloat16=native, reason=reason)
