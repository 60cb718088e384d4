"""Files that are on the disk, and not only said to be, before anything relies on them."""

import os


def write_file(path: str, data: bytes) -> None:
    """Write and sync a file's content; its name is durable once its folder is synced."""
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: str) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
