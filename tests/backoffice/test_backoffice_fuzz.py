"""Schemathesis against every API's own OpenAPI document: whatever is sent, the answer is no 500."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from backoffice_platform import HTTP, Platform

EXAMPLES = os.environ.get("PGREADY_BACKOFFICE_EXAMPLES", "100")


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", HTTP)
def test_no_request_is_a_500(platform: Platform, name, tmp_path):
    """All phases: examples, boundaries, random data, sequences of calls; a fixed seed. No status is undocumented."""
    service = platform.running[name]
    program = str(Path(sys.executable).parent / "schemathesis")
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    done = subprocess.run(
        [
            program, "run", f"http://127.0.0.1:{service.port}/openapi.json", "--checks", checks, "--seed", "1",
            "--max-examples", EXAMPLES, "--mode", "all", "--workers", "1", "--no-color", "--continue-on-failure",
            "--generation-database", "none",
        ],
        cwd=tmp_path, capture_output=True, text=True, timeout=1700, check=False,
    )  # fmt: skip
    print(done.stdout[-1500:])
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "Traceback" not in service.said()
    assert "a value that validation let pass" not in service.said()
