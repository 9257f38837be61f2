"""Ctrl-C in the middle of a run."""

import os
import signal
import subprocess
import sys


def test_an_interrupted_run_leaves_nothing_that_looks_finished(stub_root):
    words = ["-m", "workbench.cli", "run", "00", "-p", "source=sales.csv", "-p", "where=hang"]
    run = subprocess.Popen(
        [sys.executable, *words, "--language", "zh"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert run.stdout is not None
    seen = b""
    while "处理".encode() not in seen and run.poll() is None:
        seen += run.stdout.read(1)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert said.decode("utf-8").strip().startswith("问题：运行被中断。")
    (folder,) = (stub_root / "runs" / "00_data_check").iterdir()
    assert folder.name.startswith("failed_")
    assert {path.name for path in folder.iterdir()} == {"params.yaml", "report.failed.ipynb"}
