"""The kernel a run uses: the interpreter that runs ``workbench`` itself, whatever is registered.

A kernelspec called ``python3`` may point at another environment, or be missing; the notebooks need
the one in which this package and its libraries are installed.
"""

from collections.abc import Mapping
from typing import IO, Any

RUN_DIR_VARIABLE = "WORKBENCH_RUN_DIR"
# ipykernel 7 warns at every start that it talks over plain local TCP, as Jupyter always has.
QUIET = "--log-level=40"


def own_kernel(environment: Mapping[str, str], stderr: IO[bytes]) -> type[Any]:
    """A kernel manager class that starts this interpreter with ``environment`` added to its own.

    What the process itself says (not its cells) goes to ``stderr`` instead of the terminal.
    """
    from ipykernel.kernelspec import get_kernel_dict
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    class OwnKernel(AsyncKernelManager):
        """Starts ipykernel in the running interpreter."""

        @property
        def kernel_spec(self) -> KernelSpec:
            """How the kernel is started."""
            return KernelSpec(**get_kernel_dict([QUIET]), env=dict(environment))

        def start_kernel(self, **options: Any) -> Any:
            """Start it, its own words going to ``stderr``."""
            return super().start_kernel(**options, stderr=stderr)

    return OwnKernel


def lost_at_start(error: BaseException) -> bool:
    """Whether a kernel ended before it answered once; nothing of the notebook has run then.

    >>> lost_at_start(RuntimeError("Kernel died before replying to kernel_info"))
    True
    """
    return "before replying" in str(error)
